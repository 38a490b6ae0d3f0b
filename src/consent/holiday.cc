// SPDX-License-Identifier: Apache-2.0

#include "src/consent/holiday.h"

#include <algorithm>

namespace consent::core {

absl::CivilDay EasterSunday(absl::civil_year_t year) {
  // Names as in the published algorithm: a is the place in the 19-year cycle of the moon, h and l
  // lead to the full moon and the Sunday after it.
  const absl::civil_year_t a = year % 19;
  const absl::civil_year_t b = year / 100, c = year % 100;
  const absl::civil_year_t d = b / 4, e = b % 4;
  const absl::civil_year_t f = (b + 8) / 25;
  const absl::civil_year_t g = (b - f + 1) / 3;
  const absl::civil_year_t h = (19 * a + b - d - g + 15) % 30;
  const absl::civil_year_t i = c / 4, k = c % 4;
  const absl::civil_year_t l = (32 + 2 * e + 2 * i - h - k) % 7;
  const absl::civil_year_t m = (a + 11 * h + 22 * l) / 451;
  const absl::civil_year_t n = h + l - 7 * m + 114;
  return absl::CivilDay(year, n / 31, n % 31 + 1);
}

bool IsHoliday(const std::vector<Holiday>& holidays, absl::CivilDay day, std::string_view zone) {
  if (holidays.empty()) return false;
  const absl::civil_diff_t after_easter = day - EasterSunday(day.year());
  return std::any_of(holidays.begin(), holidays.end(), [&](const Holiday& holiday) {
    const bool today = holiday.month == 0
                           ? after_easter == holiday.easter_offset_days
                           : day.month() == holiday.month && day.day() == holiday.day;
    return today && (holiday.zones.empty() || std::find(holiday.zones.begin(), holiday.zones.end(),
                                                        zone) != holiday.zones.end());
  });
}

}  // namespace consent::core
