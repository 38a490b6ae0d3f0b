// SPDX-License-Identifier: Apache-2.0
//
// Whom a rule binds, when, and the calendar that law goes by: docs/reference/scenario.md, "Law".

#include <algorithm>

#include "tests/model/civil.h"
#include "tests/model/scene.h"

namespace consent::model {
namespace {

// Knuth's algorithm E (The Art of Computer Programming, 1.3.2, exercise 14), after Clavius.
absl::CivilDay Easter(int64_t year) {
  const int64_t golden = year % 19 + 1;
  const int64_t century = year / 100 + 1;
  const int64_t dropped = 3 * century / 4 - 12;
  const int64_t moon = (8 * century + 5) / 25 - 5;
  const int64_t sunday = 5 * year / 4 - dropped - 10;
  int64_t epact = (11 * golden + 20 + moon - dropped) % 30;
  if (epact < 0) epact += 30;
  if ((epact == 25 && golden > 11) || epact == 24) ++epact;
  int64_t full_moon = 44 - epact;
  if (full_moon < 21) full_moon += 30;
  const int64_t march_day = full_moon + 7 - (sunday + full_moon) % 7;
  return absl::CivilDay(year, 3, march_day);  // A 32nd of March is the 1st of April.
}

}  // namespace

bool Concerns(const Scene& scene, const core::Rule& rule, Instant t) {
  const core::Scope& scope = rule.scope;
  const core::Request& request = scene.request;
  if (t < scope.from || t >= scope.until) return false;
  if (!scope.channels.Has(request.channel) || !scope.purposes.Has(request.purpose)) return false;
  if (scope.matters.bits != 0 && !scope.matters.Has(request.matter)) return false;
  // Where nobody knows where the consumer is, every rule protects.
  if (scope.regions.empty() || scene.world.regions.empty()) return true;
  for (const std::string& here : scene.world.regions) {
    if (std::count(scope.regions.begin(), scope.regions.end(), here) > 0) return true;
  }
  return false;
}

bool Binds(const Scene& scene, const core::Rule& rule, core::Basis basis, Instant t) {
  return rule.scope.bases.Has(basis) && Concerns(scene, rule, t);
}

Instant EndOf(const Scene& scene, const core::ListRule& rule, const List& listing) {
  if (!rule.lasts.has_value()) return kNever;
  return Plus(listing.listed_at, rule.lasts->period, rule.lasts->count, scene.first_zone());
}

Instant SilentUntil(const Scene& scene, Instant declined, int32_t days) {
  Instant until = declined;
  for (const absl::TimeZone& zone : scene.zones) {
    const absl::CivilDay day(Wall(declined, zone));
    until = std::max(until, Moment(absl::CivilSecond(day + days + 1), zone));
  }
  return until;
}

bool InHours(const std::vector<core::Span>& spans, Instant t, const absl::TimeZone& zone) {
  const absl::CivilSecond wall = Wall(t, zone);
  const int day = static_cast<int>(absl::GetWeekday(wall));  // Monday is 0.
  const int second = wall.hour() * 3600 + wall.minute() * 60 + wall.second();
  return std::any_of(spans.begin(), spans.end(), [&](const core::Span& span) {
    return ((span.days >> day) & 1) != 0 && span.from_minute * 60 <= second &&
           second < span.to_minute * 60;
  });
}

bool IsHoliday(const std::vector<core::Holiday>& holidays, Instant t, const absl::TimeZone& zone) {
  const absl::CivilDay today(Wall(t, zone));
  return std::any_of(holidays.begin(), holidays.end(), [&](const core::Holiday& holiday) {
    const absl::CivilDay day = holiday.month == 0
                                   ? Easter(today.year()) + holiday.easter_offset_days
                                   : absl::CivilDay(today.year(), holiday.month, holiday.day);
    const bool kept_here = holiday.zones.empty() ||
                           std::count(holiday.zones.begin(), holiday.zones.end(), zone.name());
    // The 29th of February is no other day in other years.
    return day == today && kept_here && (holiday.month == 0 || day.day() == holiday.day);
  });
}

}  // namespace consent::model
