// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/calendar.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "tests/simulation/pen.h"

namespace consent::simulation {
namespace {

absl::TimeZone ZoneOfSomebody(model::Dice& dice) {
  absl::TimeZone zone;
  absl::LoadTimeZone(dice.Pick(Everybody()).zone, &zone);
  return zone;
}

absl::Time NextChange(model::Dice& dice, absl::Time now) {
  const absl::TimeZone zone = ZoneOfSomebody(dice);
  switch (dice.Below(5)) {
    case 0: {
      absl::TimeZone::CivilTransition change;
      // Where the tables end, the year does too.
      if (!zone.NextTransition(now, &change)) break;
      return absl::FromCivil(change.to, zone);
    }
    case 1:
      return absl::FromCivil(absl::ToCivilMonth(now, zone) + 1, zone);
    case 2:
      return absl::FromCivil(absl::ToCivilYear(now, zone) + 1, zone);
    case 3: {
      // A leap day, or the day that there is instead.
      const auto next = absl::ToCivilYear(now, zone) + 1;
      return absl::FromCivil(absl::CivilDay(next.year(), 2, 29), zone);
    }
    default:
      break;
  }
  return absl::FromCivil(absl::ToCivilDay(now, zone) + 1, zone);
}

}  // namespace

int64_t Beginning(model::Dice& dice) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::CivilSecond begin = dice.Pick({
      absl::CivilSecond(2026, 3, 2, 9, 0, 0),
      absl::CivilSecond(2026, 3, 29, 0, 59, 0),    // Paris loses an hour at 01:00 UTC,
      absl::CivilSecond(2026, 10, 25, 0, 59, 0),   // and gets it back at 01:00 UTC.
      absl::CivilSecond(2027, 12, 31, 22, 59, 0),  // The year ends in Paris.
      absl::CivilSecond(2028, 2, 28, 22, 59, 0),   // A leap day begins there.
      absl::CivilSecond(2028, 2, 29, 22, 59, 0),
      absl::CivilSecond(2028, 3, 12, 5, 29, 0),  // Newfoundland loses an hour at 05:30 UTC.
  });
  return absl::ToUnixMillis(absl::FromCivil(begin, utc)) + dice.Below(61'000);
}

int64_t NextEdge(model::Dice& dice, int64_t now_ms) {
  const int64_t edge_ms = absl::ToUnixMillis(NextChange(dice, absl::FromUnixMillis(now_ms)));
  return std::max(now_ms, edge_ms + dice.Below(4001) - 2000);
}

}  // namespace consent::simulation
