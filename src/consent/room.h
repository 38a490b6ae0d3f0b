// SPDX-License-Identifier: Apache-2.0
//
// Room: how many contacts the limits on a question still allow, and when they will allow one
// more. Private to the core.
//
// Law, grant and consumer contribute views to one list, in this order; the first full view in the
// list is the one an answer names. Room only grows as time passes without contacts: windows move
// on, rolling contacts leave them, held permits lapse. So each limit has one moment from which it
// has room. Where the consumer may be in several zones, a limit has the least room of all.
//
// A loss fills every limit that would count a contact made when it was accepted: nobody knows what
// was allowed before. Any window that counts an earlier moment counts that one too.

#ifndef CONSENT_CONSENT_ROOM_H_
#define CONSENT_CONSENT_ROOM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/consent/ground.h"
#include "src/consent/loss.h"
#include "src/consent/question.h"
#include "src/consent/record.h"

namespace consent::core {

// One limit that names the question's channel, and what it counts.
struct LimitView {
  enum class Whose : uint8_t { kLaw, kGrant, kPreferences };

  Whose whose = Whose::kGrant;
  std::string_view id;
  const Rule* rule = nullptr;  // Of law.
  int64_t max = 0;
  std::optional<int64_t> max_attempts;
  Window window;
  Instant since;  // Where GRANT windows and LIFETIME begin.
  // The contacts that it counts.
  ChannelSet channels;
  PurposeSet purposes;
  BasisSet bases;
  // Not towards `max`: attempts that reached nobody, allowed under a grant that counts them apart.
  bool spares_apart = false;
  // Of these companies; each one's contacts in order of time, none later than the moment asked for.
  absl::Span<const CompanyRecord> companies;
  const Loss* loss = nullptr;  // The journal's last; null when there is none.

  // As answers write it: "law/fr.attempts", "calls", "preferences/all".
  std::string Name() const;
};
using LimitViews = absl::InlinedVector<LimitView, 4>;

// The limits on the question for a contact on `ground` at `t`, in the order in which they are
// judged.
LimitViews LimitsOn(const Question& question, const Ground& ground, Instant t);

// Whether a limit's name is one of the consumer's preferences, which no company is told.
bool IsPreference(std::string_view limit_name);

// A contact that is counted though it is not in the record yet; null for none.
using Taken = const Contact*;

// How many more contacts the limit allows at `t`; 0 or less when it is full.
int64_t RoomAt(const LimitView& view, Instant t, absl::Span<const absl::TimeZone> zones,
               Taken taken);

// The first moment from `t` on at which every limit has room; kNever when one never has.
Instant RoomFrom(const LimitViews& views, Instant t, absl::Span<const absl::TimeZone> zones,
                 Taken taken);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_ROOM_H_
