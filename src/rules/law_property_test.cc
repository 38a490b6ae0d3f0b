// SPDX-License-Identifier: Apache-2.0
//
// Under French law, whatever happened before: the date that a denial names is the first one. It is
// found by arithmetic over the edges of law; here it is looked for at every moment at which the law
// can change its mind.

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/rules/test_law.h"

namespace consent::rules {
namespace {

using core::Channel;
using core::Outcome;

constexpr Instant kStart{1'793'487'600};  // 2026-11-01T00:00:00+01:00.
constexpr int64_t kHour = 60 * 60;
constexpr int64_t kDay = 24 * kHour;

std::string Text(Instant t) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", ToAbslTime(t), absl::UTCTimeZone());
}

// Uniform from the first case on: rapidcheck would begin with narrow ranges.
int64_t Between(int64_t least, int64_t most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int64_t>(least, most + 1));
}

template <typename T>
T OneOf(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}

bool Allows(LawWorld& world, Instant t, const core::Request& request) {
  return world.At(Text(t)).Check(request).substr(0, 3) == "OK ";
}

RC_GTEST_PROP(LawPropertyTest, TheDateOfADenialIsTheFirstAllowed, ()) {
  LawWorld world({.regions = {"RE", "YT"}, .zones = {"Indian/Reunion", "Indian/Mayotte"}});
  world.At(Text(kStart)).Give();
  // Some days of calls and texts, of which each may end in any way.
  Instant now = kStart;
  std::set<int64_t> edges;  // Moments at which attempts cease to count.
  const int64_t steps = Between(0, 12);
  for (int64_t i = 0; i < steps; ++i) {
    now = now + Seconds{Between(1, 3 * kDay)};
    world.At(Text(now));
    const core::Request request =
        world.On(OneOf<Channel>({Channel::kCall, Channel::kCall, Channel::kSms}));
    if (Between(0, 3) > 0) {  // Else nearly all would be denied.
      now = core::T(world.Next(request));
      world.At(Text(now));
    }
    const Outcome outcome =
        OneOf<Outcome>({Outcome::kNoAnswer, Outcome::kConnected, Outcome::kBusy,
                        Outcome::kVoicemail, Outcome::kNotSent, Outcome::kDeclined});
    // What is allowed is what is taken.
    const std::string checked = world.Check(request);
    RC_ASSERT(world.Contact(request, outcome) == checked);
    edges.insert((now + Seconds{30 * kDay}).unix_seconds);
  }
  now = now + Seconds{Between(1, 3 * kDay)};
  // At ten in Mayotte and eleven in Reunion, where hours are not what forbids.
  if (Between(0, 3) > 0) now.unix_seconds += 31 * kHour - now.unix_seconds % kDay;
  const core::Request request =
      world.On(OneOf<Channel>({Channel::kCall, Channel::kCall, Channel::kSms}));
  world.At(Text(now));
  const std::string shown = world.Next(request);
  RC_ASSERT(shown != "none");
  const Instant next = core::T(shown);
  RC_ASSERT(next >= now);
  RC_ASSERT(Allows(world, next, request));
  const std::string answer = world.At(Text(now)).Check(request);
  RC_TAG(answer);
  RC_ASSERT((next == now) == (answer == "OK CONSENT"));
  // Hours, holidays and silence have their edges at full hours.
  for (int64_t t = now.unix_seconds / kHour * kHour + kHour; t < next.unix_seconds; t += kHour) {
    edges.insert(t);
  }
  edges.insert(now.unix_seconds);
  edges.insert(next.unix_seconds - 1);
  for (const int64_t edge : edges) {
    if (edge < now.unix_seconds || edge >= next.unix_seconds) continue;
    if (Allows(world, Instant{edge}, request)) RC_FAIL(absl::StrCat("open at ", Text({edge})));
  }
}

}  // namespace
}  // namespace consent::rules
