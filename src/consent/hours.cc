// SPDX-License-Identifier: Apache-2.0

#include "src/consent/hours.h"

#include <algorithm>
#include <cstdint>

#include "absl/time/civil_time.h"

namespace consent::core {
namespace {

// What the clock and the calendar on the wall show.
struct Wall {
  uint8_t day_bit;  // As in Span::days.
  int64_t second;   // After midnight.
};

Wall WallAt(Instant t, const absl::TimeZone& zone) {
  const absl::CivilSecond local = absl::ToCivilSecond(ToAbslTime(t), zone);
  const int weekday = static_cast<int>(absl::GetWeekday(local));  // Monday is 0.
  return {static_cast<uint8_t>(1 << weekday),
          local.hour() * INT64_C(3600) + local.minute() * 60 + local.second()};
}

}  // namespace

bool WithinHours(const std::vector<Span>& hours, Instant t, const absl::TimeZone& zone) {
  if (hours.empty()) return true;
  const Wall wall = WallAt(t, zone);
  return std::any_of(hours.begin(), hours.end(), [&](const Span& span) {
    return (span.days & wall.day_bit) != 0 && wall.second >= span.from_minute * INT64_C(60) &&
           wall.second < span.to_minute * INT64_C(60);
  });
}

Instant HoursStayUntil(const std::vector<Span>& hours, Instant t, const absl::TimeZone& zone) {
  const Wall wall = WallAt(t, zone);
  int64_t next = INT64_C(24) * 60 * 60;
  for (const Span& span : hours) {
    if ((span.days & wall.day_bit) == 0) continue;
    for (const int32_t minute : {span.from_minute, span.to_minute}) {
      if (minute * INT64_C(60) > wall.second) next = std::min(next, minute * INT64_C(60));
    }
  }
  const Instant edge = t + Seconds{next - wall.second};
  // The clock may jump over that edge, or back before it.
  absl::TimeZone::CivilTransition jump;
  if (zone.NextTransition(ToAbslTime(t), &jump)) {
    const Instant jumps_at = FromAbslTime(zone.At(jump.to).trans);
    if (jumps_at > t && jumps_at < edge) return jumps_at;
  }
  return edge;
}

}  // namespace consent::core
