// SPDX-License-Identifier: Apache-2.0

#include "src/consent/window.h"

#include <random>
#include <string>
#include <thread>

#include "gtest/gtest.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

std::string Moved(std::string_view t, Period period, int64_t count, std::string_view zone) {
  const absl::TimeZone tz = Zone(zone);
  return Shown(AddPeriods(T(t), period, count, tz), tz);
}

std::string Lies(const Stretch& s, const absl::TimeZone& zone) {
  return Shown(s.begin, zone) + " " + Shown(s.end, zone);
}

std::string CalendarAt(const Window& window, std::string_view t, std::string_view zone) {
  const absl::TimeZone tz = Zone(zone);
  return Lies(CalendarStretch(window, T(t), tz), tz);
}

std::string GrantAt(const Window& window, std::string_view since, std::string_view t,
                    std::string_view zone) {
  const absl::TimeZone tz = Zone(zone);
  return Lies(GrantStretch(window, T(since), T(t), tz), tz);
}

TEST(AddPeriodsTest, ADayIsADayOnTheWallNotTwentyFourHours) {
  EXPECT_EQ(Moved("2026-03-28T12:00:00+01:00", Period::kDay, 1, "Europe/Paris"),
            "2026-03-29T12:00:00+02:00");
  EXPECT_EQ(Moved("2026-10-24T12:00:00+02:00", Period::kWeek, 1, "Europe/Paris"),
            "2026-10-31T12:00:00+01:00");
}

TEST(AddPeriodsTest, AnHourThatIsSkippedIsReadWithTheOffsetBefore) {
  EXPECT_EQ(Moved("2026-03-28T02:30:00+01:00", Period::kDay, 1, "Europe/Paris"),
            "2026-03-29T03:30:00+02:00");
  EXPECT_EQ(Moved("2026-02-08T02:15:00-05:00", Period::kMonth, 1, "America/New_York"),
            "2026-03-08T03:15:00-04:00");
}

TEST(AddPeriodsTest, AnHourThatComesTwiceIsReadTheFirstTime) {
  EXPECT_EQ(Moved("2026-10-24T02:30:00+02:00", Period::kDay, 1, "Europe/Paris"),
            "2026-10-25T02:30:00+02:00");
  EXPECT_EQ(Moved("2025-11-01T01:30:00-04:00", Period::kYear, 1, "America/New_York"),
            "2026-11-01T01:30:00-04:00");
}

TEST(AddPeriodsTest, ADayPastTheMonthsEndBecomesItsLast) {
  EXPECT_EQ(Moved("2026-01-31T08:00:00Z", Period::kMonth, 1, "UTC"), "2026-02-28T08:00:00+00:00");
  EXPECT_EQ(Moved("2028-01-31T08:00:00Z", Period::kMonth, 1, "UTC"), "2028-02-29T08:00:00+00:00");
  EXPECT_EQ(Moved("2028-02-29T08:00:00Z", Period::kYear, 1, "UTC"), "2029-02-28T08:00:00+00:00");
  EXPECT_EQ(Moved("2028-02-29T08:00:00Z", Period::kYear, 4, "UTC"), "2032-02-29T08:00:00+00:00");
  EXPECT_EQ(Moved("2026-08-31T23:59:59Z", Period::kMonth, 13, "UTC"), "2027-09-30T23:59:59+00:00");
  EXPECT_EQ(Moved("2026-12-31T00:00:00Z", Period::kMonth, 2, "UTC"), "2027-02-28T00:00:00+00:00");
}

TEST(AddPeriodsTest, ADayThatAnIslandLeftOutIsOver) {
  // Samoa crossed the date line: 30 December 2011 did not exist.
  EXPECT_EQ(Moved("2011-12-29T08:00:00-10:00", Period::kDay, 1, "Pacific/Apia"),
            "2011-12-31T08:00:00+14:00");
}

TEST(CalendarTest, DaysWeeksMonthsAndYearsBeginAtLocalMidnight) {
  const std::string_view t = "2026-11-22T03:00:00+01:00";  // A Sunday.
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay), t, "Europe/Paris"),
            "2026-11-22T00:00:00+01:00 2026-11-23T00:00:00+01:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kWeek), t, "Europe/Paris"),
            "2026-11-16T00:00:00+01:00 2026-11-23T00:00:00+01:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kMonth), t, "Europe/Paris"),
            "2026-11-01T00:00:00+01:00 2026-12-01T00:00:00+01:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kYear), t, "Europe/Paris"),
            "2026-01-01T00:00:00+01:00 2027-01-01T00:00:00+01:00");
}

TEST(CalendarTest, TheSameInstantLiesInDifferentDaysEastAndWest) {
  const std::string_view t = "2026-12-31T10:30:00Z";
  EXPECT_EQ(CalendarAt(Calendar(Period::kYear), t, "Pacific/Kiritimati"),
            "2027-01-01T00:00:00+14:00 2028-01-01T00:00:00+14:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay), t, "Pacific/Pago_Pago"),
            "2026-12-30T00:00:00-11:00 2026-12-31T00:00:00-11:00");
}

TEST(CalendarTest, TheEdgeBelongsToTheLaterBlock) {
  EXPECT_EQ(CalendarAt(Calendar(Period::kYear), "2027-01-01T00:00:00+01:00", "Europe/Paris"),
            "2027-01-01T00:00:00+01:00 2028-01-01T00:00:00+01:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kYear), "2026-12-31T23:59:59+01:00", "Europe/Paris"),
            "2026-01-01T00:00:00+01:00 2027-01-01T00:00:00+01:00");
}

TEST(CalendarTest, WeeksRunFromMondayAcrossTheYearsEnd) {
  EXPECT_EQ(CalendarAt(Calendar(Period::kWeek), "2027-01-03T23:59:59+01:00", "Europe/Paris"),
            "2026-12-28T00:00:00+01:00 2027-01-04T00:00:00+01:00");
}

TEST(CalendarTest, ADayWithAClockChangeLasts23Or25Hours) {
  const absl::TimeZone paris = Zone("Europe/Paris");
  const Stretch spring =
      CalendarStretch(Calendar(Period::kDay), T("2026-03-29T12:00:00+02:00"), paris);
  EXPECT_EQ((spring.end - spring.begin).count, 23 * 3600);
  const Stretch autumn =
      CalendarStretch(Calendar(Period::kDay), T("2026-10-25T12:00:00+01:00"), paris);
  EXPECT_EQ((autumn.end - autumn.begin).count, 25 * 3600);
}

TEST(CalendarTest, BlocksOfSeveralAreCountedFromTheBeginningOfTheCalendar) {
  // Quarters, half years, decades.
  EXPECT_EQ(CalendarAt(Calendar(Period::kMonth, 3), "2026-11-22T00:00:00Z", "UTC"),
            "2026-10-01T00:00:00+00:00 2027-01-01T00:00:00+00:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kMonth, 6), "2026-06-30T23:59:59Z", "UTC"),
            "2026-01-01T00:00:00+00:00 2026-07-01T00:00:00+00:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kYear, 10), "2026-06-30T00:00:00Z", "UTC"),
            "2020-01-01T00:00:00+00:00 2030-01-01T00:00:00+00:00");
  // Five months do not divide the year: 2026 * 12 = 24312 = 5 * 4862 + 2.
  EXPECT_EQ(CalendarAt(Calendar(Period::kMonth, 5), "2026-01-15T00:00:00Z", "UTC"),
            "2025-11-01T00:00:00+00:00 2026-04-01T00:00:00+00:00");
  // Pairs of weeks from Monday 5 January 1970, pairs of days from 1 January 1970.
  EXPECT_EQ(CalendarAt(Calendar(Period::kWeek, 2), "1970-01-18T23:00:00Z", "UTC"),
            "1970-01-05T00:00:00+00:00 1970-01-19T00:00:00+00:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay, 2), "1970-01-02T00:00:00Z", "UTC"),
            "1970-01-01T00:00:00+00:00 1970-01-03T00:00:00+00:00");
}

TEST(CalendarTest, BlocksBeforeTheEpochAreWholeToo) {
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay, 2), "1969-12-31T00:00:00Z", "UTC"),
            "1969-12-30T00:00:00+00:00 1970-01-01T00:00:00+00:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kWeek, 2), "1970-01-04T00:00:00Z", "UTC"),
            "1969-12-22T00:00:00+00:00 1970-01-05T00:00:00+00:00");
}

TEST(CalendarTest, AMidnightThatIsSkippedIsTheMomentOfTheChange) {
  // Cairo goes from 24:00 straight to 01:00.
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay), "2014-05-16T01:00:00+03:00", "Africa/Cairo"),
            "2014-05-16T01:00:00+03:00 2014-05-17T00:00:00+03:00");
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay), "2014-05-15T23:59:59+02:00", "Africa/Cairo"),
            "2014-05-15T00:00:00+02:00 2014-05-16T01:00:00+03:00");
}

TEST(CalendarTest, AMidnightThatComesTwiceCountsTheFirstTime) {
  // St. John's went from 00:01 back to 23:01 of the day before.
  const std::string sunday = "2010-11-07T00:00:00-02:30 2010-11-08T00:00:00-03:30";
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay), "2010-11-07T00:00:30-02:30", "America/St_Johns"),
            sunday);
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay), "2010-11-06T23:30:00-03:30", "America/St_Johns"),
            sunday);
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay), "2010-11-06T23:59:59-02:30", "America/St_Johns"),
            "2010-11-06T00:00:00-02:30 2010-11-07T00:00:00-02:30");
}

TEST(CalendarTest, AMidnightInsideASkipIsReadWithTheOffsetBefore) {
  // Toronto went from 23:30 to 00:30 on 30 March 1919: its midnight is read as 01:00.
  EXPECT_EQ(CalendarAt(Calendar(Period::kDay), "1919-03-31T00:45:00-04:00", "America/Toronto"),
            "1919-03-30T00:00:00-05:00 1919-03-31T01:00:00-04:00");
}

TEST(GrantWindowTest, AnniversariesAreCountedFromTheFirstDay) {
  EXPECT_EQ(GrantAt(Anniversary(Period::kYear), "2024-02-29T10:00:00+01:00",
                    "2025-02-28T09:59:59+01:00", "Europe/Paris"),
            "2024-02-29T10:00:00+01:00 2025-02-28T10:00:00+01:00");
  EXPECT_EQ(GrantAt(Anniversary(Period::kYear), "2024-02-29T10:00:00+01:00",
                    "2028-02-29T10:00:00+01:00", "Europe/Paris"),
            "2028-02-29T10:00:00+01:00 2029-02-28T10:00:00+01:00");
}

TEST(GrantWindowTest, AGrantOfThe31stReturnsToThe31st) {
  const std::string_view since = "2026-01-31T10:00:00Z";
  EXPECT_EQ(GrantAt(Anniversary(Period::kMonth), since, "2026-02-28T10:00:00Z", "UTC"),
            "2026-02-28T10:00:00+00:00 2026-03-31T10:00:00+00:00");
  EXPECT_EQ(GrantAt(Anniversary(Period::kMonth), since, "2026-03-31T09:59:59Z", "UTC"),
            "2026-02-28T10:00:00+00:00 2026-03-31T10:00:00+00:00");
  EXPECT_EQ(GrantAt(Anniversary(Period::kMonth, 3), since, "2026-05-01T00:00:00Z", "UTC"),
            "2026-04-30T10:00:00+00:00 2026-07-31T10:00:00+00:00");
}

// What was worked out for others is used again only where it is the answer.
TEST(CalendarTest, WhoWasAskedAboutBeforeChangesNothing) {
  std::mt19937 chance(20261123);
  const Period periods[] = {Period::kDay, Period::kWeek, Period::kMonth, Period::kYear};
  const char* const zones[] = {"Europe/Paris", "Pacific/Apia", "America/Sao_Paulo", "UTC"};
  for (int i = 0; i < 2000; ++i) {
    const Window window = Calendar(periods[chance() % 4], static_cast<int32_t>(1 + chance() % 2));
    const absl::TimeZone zone = Zone(zones[chance() % 4]);
    // Ten days in which Samoa skips one, or some others.
    const Instant t = T(chance() % 2 == 0 ? "2011-12-25T00:00:00Z" : "2018-11-01T00:00:00Z") +
                      Seconds{static_cast<int64_t>(chance() % (10 * 24 * 60 * 60))};
    const Stretch here = CalendarStretch(window, t, zone);
    Stretch afresh;
    std::thread([&] { afresh = CalendarStretch(window, t, zone); }).join();
    ASSERT_EQ(here, afresh) << Shown(t, zone) << " " << zone.name();
    ASSERT_TRUE(here.begin <= t && t < here.end);
  }
}

TEST(GrantWindowTest, TheFirstWindowStartsAtTheInstantEvenInAnHourThatComesTwice) {
  const std::string_view second = "2026-10-25T02:30:00+01:00";
  EXPECT_EQ(GrantAt(Anniversary(Period::kDay), second, second, "Europe/Paris"),
            "2026-10-25T02:30:00+01:00 2026-10-26T02:30:00+01:00");
}

TEST(GrantWindowTest, DaysAndWeeksFollowTheWall) {
  EXPECT_EQ(GrantAt(Anniversary(Period::kDay), "2026-03-20T02:30:00+01:00",
                    "2026-03-29T03:30:00+02:00", "Europe/Paris"),
            "2026-03-29T03:30:00+02:00 2026-03-30T02:30:00+02:00");
  EXPECT_EQ(GrantAt(Anniversary(Period::kWeek, 2), "2026-03-20T09:00:00-04:00",
                    "2026-11-22T00:00:00-05:00", "America/New_York"),
            "2026-11-13T09:00:00-05:00 2026-11-27T09:00:00-05:00");
}

TEST(GrantWindowTest, AGrantOfAHundredYearsAgoIsFoundAtOnce) {
  EXPECT_EQ(
      GrantAt(Anniversary(Period::kDay), "1900-01-01T12:00:00Z", "2026-11-22T11:59:59Z", "UTC"),
      "2026-11-21T12:00:00+00:00 2026-11-22T12:00:00+00:00");
}

TEST(RollingTest, AContactCountsUntilThePeriodIsOverExclusive) {
  const absl::TimeZone paris = Zone("Europe/Paris");
  const Window month = Rolling(Period::kMonth);
  const Instant made = T("2026-01-31T10:00:00+01:00");
  const Instant over = T("2026-02-28T10:00:00+01:00");
  EXPECT_TRUE(WindowAt(month, {}, made, paris).Counts(made));
  EXPECT_TRUE(WindowAt(month, {}, over - Seconds{1}, paris).Counts(made));
  EXPECT_FALSE(WindowAt(month, {}, over, paris).Counts(made));
  EXPECT_EQ(WindowAt(month, {}, made, paris).CountsUntil(made), over);
}

TEST(RollingTest, TheShortCutsNeverDisagreeWithTheCalendar) {
  const absl::TimeZone apia = Zone("Pacific/Apia");
  for (const Period period : {Period::kDay, Period::kWeek, Period::kMonth, Period::kYear}) {
    for (const int32_t count : {1, 2, 3, 12, 30}) {
      const Window window = Rolling(period, count);
      const Instant made = T("2011-12-28T23:30:00-10:00");
      const Instant over = AddPeriods(made, period, count, apia);
      EXPECT_TRUE(WindowAt(window, {}, over - Seconds{1}, apia).Counts(made));
      EXPECT_FALSE(WindowAt(window, {}, over, apia).Counts(made));
      EXPECT_GT(LongerThan(window), over - made);
    }
  }
}

TEST(LifetimeTest, CountsFromTheBeginningOfTheGrantForEver) {
  const absl::TimeZone utc = Zone("UTC");
  const Instant since = T("2026-01-01T00:00:00Z");
  const WindowAt window(Lifetime(), since, T("2999-01-01T00:00:00Z"), utc);
  EXPECT_TRUE(window.Counts(since));
  EXPECT_FALSE(window.Counts(since - Seconds{1}));
  EXPECT_EQ(window.CountsUntil(since), kNever);
}

}  // namespace
}  // namespace consent::core
