// SPDX-License-Identifier: Apache-2.0

#include "src/consent/holiday.h"

#include <gtest/gtest.h>

namespace consent::core {
namespace {

TEST(HolidayTest, EasterIsWhereTheTablesOfTheChurchPutIt) {
  // The extremes of the cycle, a leap year, and years around them.
  const int known[][3] = {{1818, 3, 22}, {1943, 4, 25}, {2000, 4, 23}, {2008, 3, 23},
                          {2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},  {2027, 3, 28},
                          {2028, 4, 16}, {2038, 4, 25}, {2285, 3, 22}, {2299, 4, 16}};
  for (const auto& [year, month, day] : known) {
    EXPECT_EQ(EasterSunday(year), absl::CivilDay(year, month, day));
  }
}

TEST(HolidayTest, EasterIsASundayBetweenTheTwoDatesItCanHave) {
  for (absl::civil_year_t year = 1900; year <= 2400; ++year) {
    const absl::CivilDay easter = EasterSunday(year);
    EXPECT_EQ(absl::GetWeekday(easter), absl::Weekday::sunday) << year;
    EXPECT_GE(easter, absl::CivilDay(year, 3, 22));
    EXPECT_LE(easter, absl::CivilDay(year, 4, 25));
  }
}

TEST(HolidayTest, DaysOfTheYearAndDaysAfterEasterAreKept) {
  const std::vector<Holiday> holidays = {{7, 14, 0, {}}, {0, 0, 1, {}}};
  EXPECT_TRUE(IsHoliday(holidays, absl::CivilDay(2026, 7, 14), "Europe/Paris"));
  EXPECT_FALSE(IsHoliday(holidays, absl::CivilDay(2026, 7, 15), "Europe/Paris"));
  EXPECT_TRUE(IsHoliday(holidays, absl::CivilDay(2027, 3, 29), "Europe/Paris"));
  EXPECT_FALSE(IsHoliday(holidays, absl::CivilDay(2026, 3, 29), "Europe/Paris"));
}

TEST(HolidayTest, AHolidayOfOneZoneIsNoneElsewhere) {
  const std::vector<Holiday> holidays = {{12, 20, 0, {"Indian/Reunion"}}};
  EXPECT_TRUE(IsHoliday(holidays, absl::CivilDay(2026, 12, 20), "Indian/Reunion"));
  EXPECT_FALSE(IsHoliday(holidays, absl::CivilDay(2026, 12, 20), "Europe/Paris"));
}

}  // namespace
}  // namespace consent::core
