// SPDX-License-Identifier: Apache-2.0
//
// Room: how many contacts the limits on a question still allow, and when they will allow one
// more. Private to the core.
//
// Whatever sets limits contributes views to one list; the first full view in the list is the one
// an answer names. Room only grows as time passes without contacts: windows move on, rolling
// contacts leave them, held permits lapse. So each limit has one moment from which it has room.
//
// A loss fills every limit that would count a contact made when it was accepted: nobody knows what
// was allowed before. Any window that counts an earlier moment counts that one too.

#ifndef CONSENT_CONSENT_ROOM_H_
#define CONSENT_CONSENT_ROOM_H_

#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/consent/loss.h"
#include "src/consent/question.h"
#include "src/consent/record.h"

namespace consent::core {

// One limit that names the question's channel, and what it counts.
struct LimitView {
  const Limit* limit;
  PurposeSet purposes;                   // Of the contacts that it counts.
  Instant since;                         // Where GRANT windows and LIFETIME begin.
  const std::vector<Contact>* contacts;  // In order of time, none later than the moment asked for.
  const Loss* loss;                      // The journal's last; null when there is none.
};
using LimitViews = absl::InlinedVector<LimitView, 8>;

// The limits on the question while `grant` speaks, in the order in which they are judged.
LimitViews LimitsOn(const Question& question, const Grant& grant);

// A contact that is counted though it is not in the record yet; null for none.
using Taken = const Contact*;

// How many more contacts the limit allows at `t`; 0 or less when it is full.
int64_t RoomAt(const LimitView& view, Instant t, const absl::TimeZone& zone, Taken taken);

// The first moment from `t` on at which every limit has room; kNever when one never has.
Instant RoomFrom(const LimitViews& views, Instant t, const absl::TimeZone& zone, Taken taken);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_ROOM_H_
