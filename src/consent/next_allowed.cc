// SPDX-License-Identifier: Apache-2.0

#include "src/consent/next_allowed.h"

#include <algorithm>

#include "src/consent/decision.h"
#include "src/consent/hours.h"
#include "src/consent/judge.h"
#include "src/consent/speaking.h"

namespace consent::core {
namespace {

// The first moment, not before `t`, at which what answers no at `t` can have changed, as long as
// the same grant speaks; kNever when it does not change. `t` itself: the answer is yes.
Instant MayChangeAt(const Question& question, const Standing& standing, Instant t, Instant last,
                    Taken taken) {
  switch (standing.reason) {
    case Reason::kOk:
      return RoomFrom(LimitsOn(question, standing.grant->grant), t, *question.zone, taken);
    case Reason::kOutsideHours:
      return NextWithinHours(standing.grant->grant.hours, t, last, *question.zone);
    default:
      return kNever;
  }
}

}  // namespace

std::optional<Instant> NextAllowedTime(const Question& question, Instant from, Taken taken) {
  const Instant last = std::min(from + kHorizon, kNever - Seconds{1});
  for (Instant t = from; t <= last;) {
    const Standing standing = JudgeAsideLimits(question, t);
    // Before any grant is asked, the answer is no at all times.
    if (standing.grant == nullptr) return std::nullopt;
    const Instant changes = MayChangeAt(question, standing, t, last, taken);
    if (changes == t) return t;
    t = std::min(changes, NextBeginning(*question.between, question.purpose, t));
  }
  return std::nullopt;
}

}  // namespace consent::core
