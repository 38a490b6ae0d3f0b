// SPDX-License-Identifier: Apache-2.0
//
// What holds for every history: dates are exact edges, limits are never passed, bytes are
// canonical.

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "src/base/codec.h"
#include "src/consent/test_world.h"
#include "src/consent/window.h"

namespace consent::core {
namespace {

constexpr const char* kZones[] = {"Europe/Paris",       "America/New_York",    "Africa/Cairo",
                                  "Pacific/Kiritimati", "Australia/Lord_Howe", "Pacific/Apia"};

template <typename T>
T OneOf(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}
// Uniform from the first case on: rapidcheck would begin with narrow ranges.
int64_t Between(int64_t least, int64_t most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int64_t>(least, most + 1));
}

Window AnyWindow() {
  const Period period = OneOf<Period>(
      {Period::kDay, Period::kWeek, Period::kMonth, Period::kYear, Period::kLifetime});
  if (period == Period::kLifetime) return Lifetime();
  const Alignment alignment =
      OneOf<Alignment>({Alignment::kCalendar, Alignment::kRolling, Alignment::kGrant});
  return {period, alignment, static_cast<int32_t>(Between(1, 3))};
}

Limit AnyLimit(std::string id) {
  Limit limit = AtMost(Between(1, 3), std::move(id),
                       OneOf<ChannelSet>({On({Channel::kCall}), On({Channel::kSms}),
                                          On({Channel::kCall, Channel::kSms})}),
                       AnyWindow());
  if (*rc::gen::arbitrary<bool>()) limit.max_attempts = limit.max + Between(0, 2);
  return limit;
}

Grant AnyGrant(std::string id, Instant now) {
  Grant grant = GrantOf(std::move(id), now + Seconds{Between(-40, 40) * 86400}, {});
  for (int64_t i = 0, n = Between(1, 3); i < n; ++i) {
    grant.limits.push_back(AnyLimit("l" + std::to_string(i)));
  }
  if (*rc::gen::arbitrary<bool>()) {
    grant.valid_until = grant.valid_from + Seconds{Between(1, 400) * 86400};
  }
  if (*rc::gen::arbitrary<bool>()) {
    const auto from = static_cast<int32_t>(Between(0, 1400));
    grant.hours.push_back({static_cast<uint8_t>(Between(1, 127)), from,
                           static_cast<int32_t>(Between(from + 1, 1440))});
  }
  if (Between(0, 3) == 0) grant.purposes.Add(Purpose::kPress);
  return grant;
}

// A world after a history of some steps around a clock change.
World AnyWorld() {
  World world(OneOf<const char*>({std::begin(kZones), std::end(kZones)}));
  world.At(OneOf<const char*>({"2026-03-20T00:00:00Z", "2026-10-20T00:00:00Z",
                               "2028-02-20T00:00:00Z", "2011-12-20T00:00:00Z"}));
  const auto steps = Between(1, 25);
  Instant now = world.now();
  for (int64_t i = 0; i < steps; ++i) {
    now = now + Seconds{OneOf<int64_t>({0, 1, 3600, 40000, 86400, 5 * 86400})};
    world.At(Shown(now, absl::UTCTimeZone()));
    switch (Between(0, 8)) {
      case 0:
      case 1:
        world.Give(AnyGrant("g" + std::to_string(i), now));
        break;
      case 2:
        if (Between(0, 4) == 0) world.Revoke();
        break;
      case 3: {
        const LeafIndex permit{static_cast<uint64_t>(Between(0, i))};
        world.Report(permit, OneOf<Outcome>({Outcome::kConnected, Outcome::kNoAnswer,
                                             Outcome::kNotSent, Outcome::kBusy}));
        break;
      }
      case 4:
        if (Between(0, 3) == 0) world.Recover(Shown(now, absl::UTCTimeZone()));
        break;
      default: {
        Request request = world.Wish(OneOf<Channel>({Channel::kCall, Channel::kSms}));
        if (Between(0, 2) == 0) request.hold = {Between(1, 86400)};
        world.Consume(request);
      }
    }
  }
  return world;
}

bool AllowedAt(const World& world, const Request& request, Instant t) {
  return Check(world.record, request, world.At(t), NextAllowed::kNever).decision.verdict ==
         Verdict::kAllowed;
}

RC_GTEST_PROP(NextAllowedProperty, IsTheFirstMomentAtWhichItIsAllowed, ()) {
  World world = AnyWorld();
  const Request request = world.Wish(OneOf<Channel>({Channel::kCall, Channel::kSms}));
  const Decision decision =
      Check(world.record, request, world.moment(), NextAllowed::kForStrangersToo).decision;
  RC_TAG(std::string(Name(decision.reason)), decision.next_allowed.has_value());
  const Instant now = world.now();
  const Instant end = decision.next_allowed.value_or(now + kHorizon + Seconds{1});
  if (decision.next_allowed.has_value()) {
    RC_ASSERT(*decision.next_allowed <= now + kHorizon);
    RC_ASSERT(AllowedAt(world, request, *decision.next_allowed));
    RC_ASSERT((*decision.next_allowed == now) == (decision.verdict == Verdict::kAllowed));
  }
  // Every half hour of the first weeks, the last second, and a thousand moments between.
  for (Instant t = now; t < end && t < now + Seconds{45 * 86400}; t = t + Seconds{1800}) {
    RC_ASSERT(!AllowedAt(world, request, t));
  }
  if (end > now) RC_ASSERT(!AllowedAt(world, request, end - Seconds{1}));
  const int64_t stride = (end - now).count / 1000 + 1;
  for (Instant t = now; t < end; t = t + Seconds{stride}) {
    RC_ASSERT(!AllowedAt(world, request, t));
  }
}

// Limits aside: the grant that speaks later may have a limit that is full.
bool AllowedAsideLimitsAt(const World& world, const Request& request, Instant t) {
  const Reason reason =
      Check(world.record, request, world.At(t), NextAllowed::kNever).decision.reason;
  return reason == Reason::kOk || reason == Reason::kLimitReached;
}

RC_GTEST_PROP(ContactBeforeProperty, IsTheFirstMomentAtWhichItIsForbiddenOrTheTtlIsOver, ()) {
  World world = AnyWorld();
  Request request = world.Wish(OneOf<Channel>({Channel::kCall, Channel::kSms}));
  request.permit_ttl = {Between(1, 86400)};
  const Decision decision = Check(world.record, request, world.moment()).decision;
  if (decision.verdict != Verdict::kAllowed) return;
  const Instant now = world.now(), until = now + request.permit_ttl;
  const Instant before = decision.contact_before.value();
  RC_ASSERT(before > now && before <= until);
  for (Instant t = now; t < before; t = t + Seconds{97}) {
    RC_ASSERT(AllowedAsideLimitsAt(world, request, t));
  }
  RC_ASSERT(AllowedAsideLimitsAt(world, request, before - Seconds{1}));
  RC_ASSERT(before == until || !AllowedAsideLimitsAt(world, request, before));
}

RC_GTEST_PROP(TakingProperty, AnAllowedAnswerLeavesWhatTheNextCheckFinds, ()) {
  World world = AnyWorld();
  const Request request = world.Wish(OneOf<Channel>({Channel::kCall, Channel::kSms}));
  const Decision taken = world.Consume(request).decision;
  if (taken.verdict != Verdict::kAllowed) return;
  const Decision after = world.Check(request.channel).decision;
  RC_ASSERT(after.remaining == taken.remaining);
  RC_ASSERT(after.next_allowed == taken.next_allowed);
}

RC_GTEST_PROP(CodecProperty, ARecordHasOneEncoding, ()) {
  const World world = AnyWorld();
  const std::string bytes = Encode(world.record);
  const auto decoded = Decode<Record>(bytes);
  RC_ASSERT(decoded.ok());
  RC_ASSERT(*decoded == world.record);
  RC_ASSERT(Encode(*decoded) == bytes);
  RC_ASSERT(!Decode<Record>(bytes + '\0').ok());
  RC_ASSERT(!Decode<Record>(bytes.substr(0, bytes.size() - 1)).ok());
}

RC_GTEST_PROP(WindowProperty, StretchesHoldTheMomentAndTouch, ()) {
  const absl::TimeZone zone = Zone(OneOf<const char*>({std::begin(kZones), std::end(kZones)}));
  Window window = AnyWindow();
  if (window.period == Period::kLifetime) return;
  window.count = static_cast<int32_t>(Between(1, 40));
  const Instant since{Between(0, 2'000'000'000)};
  const Instant t = since + Seconds{Between(0, 1'000'000'000)};
  const auto stretch_at = [&](Instant moment) {
    return window.alignment == Alignment::kGrant ? GrantStretch(window, since, moment, zone)
                                                 : CalendarStretch(window, moment, zone);
  };
  const Stretch stretch = stretch_at(t);
  RC_ASSERT(stretch.begin <= t && t < stretch.end);
  RC_ASSERT(stretch_at(stretch.begin) == stretch);
  RC_ASSERT(stretch_at(stretch.end - Seconds{1}) == stretch);
  RC_ASSERT(stretch_at(stretch.end).begin == stretch.end);
  RC_ASSERT((stretch.end - stretch.begin) < LongerThan(window));
}

}  // namespace
}  // namespace consent::core
