// SPDX-License-Identifier: Apache-2.0

#include "src/consent/next_allowed.h"

#include <algorithm>

#include "src/consent/decision.h"
#include "src/consent/judge.h"
#include "src/consent/opening.h"

namespace consent::core {
namespace {

// The first moment after `t` at which closed hours may open, edges aside.
Instant MayOpenAt(const Question& question, const Ground& ground, Instant t, Instant last) {
  do {
    t = OpeningStaysUntil(question, ground, t);
  } while (t <= last && !OpeningAt(question, ground, t).open);
  return t;
}

// The first moment, not before `t`, at which what answers no at `t` can have changed, edges aside;
// kNever when it does not change. `t` itself: the answer is yes.
Instant MayChangeAt(const Question& question, const Standing& standing, Instant t, Instant last,
                    const Counted& counted) {
  switch (standing.reason) {
    case Reason::kOk: {
      LimitViews views = LimitsOn(question, standing.ground, t);
      if (!counted.preferences) {
        const auto preference = [](const LimitView& view) {
          return view.whose == LimitView::Whose::kPreferences;
        };
        views.erase(std::remove_if(views.begin(), views.end(), preference), views.end());
      }
      return RoomFrom(views, t, question.zones, counted.taken);
    }
    case Reason::kOutsideHours:
      return MayOpenAt(question, standing.ground, t, last);
    default:
      return kNever;
  }
}

}  // namespace

std::optional<Instant> NextAllowedTime(const Question& question, Instant from,
                                       const Counted& counted) {
  const Instant last = std::min(from + kHorizon, kNever - Seconds{1});
  for (Instant t = from; t <= last;) {
    const Standing standing = JudgeAsideLimits(question, t);
    const Instant edge = NextEdge(question, standing, t);
    const Instant changes = MayChangeAt(question, standing, t, std::min(last, edge), counted);
    if (changes == t) return t;
    t = std::min(changes, edge);
  }
  return std::nullopt;
}

}  // namespace consent::core
