// SPDX-License-Identifier: Apache-2.0

#include "tests/model/pieces.h"

#include <algorithm>
#include <utility>

#include "absl/time/civil_time.h"
#include "tests/model/civil.h"

namespace consent::model {

using core::Alignment;
using core::Channel;
using core::Outcome;
using core::Period;

Instant Anchor(Dice& dice, const absl::TimeZone& zone) {
  const int64_t year = dice.Pick<int64_t>({1996, 2004, 2008, 2011, 2023, 2024, 2026, 2028, 2031});
  switch (dice.Below(8)) {
    case 0:
    case 1:
    case 2:
      if (const auto& changes = Transitions(zone); !changes.empty()) {
        return dice.Pick(changes);
      }
      [[fallthrough]];
    case 3:
      return Moment(absl::CivilSecond(dice.Pick<int64_t>({1996, 2004, 2024, 2028}), 2, 29), zone);
    case 4:
      return Moment(absl::CivilSecond(year, 1, 1), zone);
    case 5:
      return Moment(absl::CivilSecond(year, 1 + dice.Below(12), 31), zone);
    case 6:
      return Moment(absl::CivilSecond(year, 1 + dice.Below(12), 1), zone);
    default:
      return Moment(absl::CivilSecond(year, 1, 1) + dice.Below(365 * kDay), zone);
  }
}

Instant BeforeChange(Dice& dice, Instant change, const core::Window& span,
                     const absl::TimeZone& zone) {
  const absl::CivilSecond before = Wall(change - Seconds{1}, zone) + 1;
  const absl::CivilSecond after = Wall(change, zone);
  const absl::CivilSecond low = std::min(before, after);
  const int64_t gap = std::max(before, after) - low;
  const absl::CivilSecond wall =
      low + dice.Pick<int64_t>({-1, 0, 1, gap / 2, gap / 2, gap - 1, gap, dice.Below(gap + 1)});
  const absl::CivilDay day(wall);
  absl::CivilDay start = day;
  const int64_t n = span.count;
  if (span.period == Period::kDay) start = day - n;
  if (span.period == Period::kWeek) start = day - 7 * n;
  if (span.period == Period::kMonth) start = absl::CivilDay(day.year(), day.month() - n, day.day());
  if (span.period == Period::kYear) start = absl::CivilDay(day.year() - n, day.month(), day.day());
  return Moment(absl::CivilSecond(start) + (wall - absl::CivilSecond(day)), zone);
}

bool AcrossMidnight(Instant change, const absl::TimeZone& zone) {
  return absl::CivilDay(Wall(change, zone)) < absl::CivilDay(Wall(change - Seconds{1}, zone));
}

core::ChannelSet AnyChannels(Dice& dice, const std::vector<Channel>& among) {
  core::ChannelSet set;
  for (const Channel channel : dice.One(2) ? dice.Some(among) : among) set.Add(channel);
  return set;
}

core::Window AnyWindow(Dice& dice) {
  core::Window window;
  window.period =
      dice.Pick({Period::kDay, Period::kWeek, Period::kMonth, Period::kYear, Period::kLifetime});
  if (window.period == Period::kLifetime) return window;
  window.alignment = dice.Pick({Alignment::kCalendar, Alignment::kRolling, Alignment::kGrant});
  if (dice.One(3)) {
    window.count =
        static_cast<int32_t>(dice.Pick<int64_t>({2, 2, 3, 4, 5, 12, 1 + dice.Below(400)}));
  }
  if (dice.One(60)) window.count = core::kPeriodsMax;
  return window;
}

core::Limit AnyLimit(Dice& dice, const std::vector<Channel>& among) {
  core::Limit limit;
  limit.channels = AnyChannels(dice, among);
  limit.max = dice.Pick<int64_t>({1, 1, 1, 2, 2, 3, 4});
  if (dice.One(3)) limit.max_attempts = limit.max + dice.Below(4);
  limit.window = AnyWindow(dice);
  return limit;
}

std::vector<core::Span> AnyHours(Dice& dice) {
  std::vector<core::Span> hours;
  const std::vector<int32_t> usual{0,   1,   30,  60,   90,   120,  121,  150, 180,
                                   600, 780, 840, 1200, 1380, 1381, 1410, 1440};
  for (int64_t i = 1 + dice.Below(4); i > 0; --i) {
    core::Span span;
    span.days = static_cast<uint8_t>(dice.One(2) ? 127 : 1 + dice.Below(127));
    int32_t a = dice.One(4) ? static_cast<int32_t>(dice.Below(1441)) : dice.Pick(usual);
    int32_t b = dice.One(4) ? static_cast<int32_t>(dice.Below(1441)) : dice.Pick(usual);
    if (a > b) std::swap(a, b);
    if (a == b && a == 0) b = 1;
    if (a == b) a = b - 1;
    span.from_minute = a;
    span.to_minute = b;
    hours.push_back(span);
  }
  return hours;
}

Outcome AnyOutcome(Dice& dice) {
  if (dice.One(6)) return static_cast<Outcome>(1 + dice.Below(core::kOutcomeMax));
  // What opposes ends a scenario's fun: seldom.
  return dice.Pick({Outcome::kNoAnswer, Outcome::kBusy, Outcome::kFailed, Outcome::kNotSent,
                    Outcome::kConnected, Outcome::kDeclined});
}

}  // namespace consent::model
