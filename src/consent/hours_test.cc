// SPDX-License-Identifier: Apache-2.0

#include "src/consent/hours.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

constexpr int kHour = 60;
constexpr std::string_view kWorkdays = "1111100", kSunday = "0000001", kAllDays = "1111111";

const std::vector<Span> kOffice = {During(kWorkdays, 10 * kHour, 13 * kHour),
                                   During(kWorkdays, 14 * kHour, 20 * kHour)};

bool Within(const std::vector<Span>& hours, std::string_view t, std::string_view zone) {
  return WithinHours(hours, T(t), Zone(zone));
}

std::string Next(const std::vector<Span>& hours, std::string_view t, std::string_view zone) {
  const absl::TimeZone tz = Zone(zone);
  Instant next = T(t);
  do {
    next = HoursStayUntil(hours, next, tz);
  } while (next <= T(t) + Seconds{30 * 86400} && !WithinHours(hours, next, tz));
  return Shown(next, tz);
}

TEST(HoursTest, NoSpansAreAnyTime) {
  EXPECT_TRUE(Within({}, "2026-11-22T03:00:00+01:00", "Europe/Paris"));
}

TEST(HoursTest, FromIsWithinAndToIsNot) {
  EXPECT_FALSE(Within(kOffice, "2026-11-23T09:59:59+01:00", "Europe/Paris"));
  EXPECT_TRUE(Within(kOffice, "2026-11-23T10:00:00+01:00", "Europe/Paris"));
  EXPECT_TRUE(Within(kOffice, "2026-11-23T12:59:59+01:00", "Europe/Paris"));
  EXPECT_FALSE(Within(kOffice, "2026-11-23T13:00:00+01:00", "Europe/Paris"));
  EXPECT_TRUE(Within(kOffice, "2026-11-23T14:00:00+01:00", "Europe/Paris"));
}

TEST(HoursTest, DaysAreThoseOfTheConsumersWall) {
  // Friday night in Paris is already Saturday on Kiritimati, and still noon in New York.
  const std::string_view t = "2026-11-20T18:00:00+01:00";
  EXPECT_TRUE(Within(kOffice, t, "Europe/Paris"));
  EXPECT_FALSE(Within(kOffice, t, "Pacific/Kiritimati"));
  EXPECT_TRUE(Within(kOffice, t, "America/New_York"));
}

TEST(HoursTest, TwentyFourHundredIsMidnight) {
  const std::vector<Span> evening = {During(kSunday, 18 * kHour, 24 * kHour)};
  EXPECT_TRUE(Within(evening, "2026-11-22T23:59:59+01:00", "Europe/Paris"));
  EXPECT_FALSE(Within(evening, "2026-11-23T00:00:00+01:00", "Europe/Paris"));
}

TEST(HoursTest, AnHourThatComesTwiceIsWithinBothTimes) {
  const std::vector<Span> night = {During(kAllDays, 2 * kHour, 3 * kHour)};
  EXPECT_TRUE(Within(night, "2026-10-25T02:30:00+02:00", "Europe/Paris"));
  EXPECT_TRUE(Within(night, "2026-10-25T02:30:00+01:00", "Europe/Paris"));
  // After the half past of the first 02, the clock shows 02:00 again: within without a break.
  const std::vector<Span> half = {During(kAllDays, 2 * kHour, 2 * kHour + 30)};
  EXPECT_EQ(Next(half, "2026-10-25T02:30:00+02:00", "Europe/Paris"), "2026-10-25T02:00:00+01:00");
}

TEST(HoursTest, AnHourThatIsSkippedIsNever) {
  const std::vector<Span> night = {During(kAllDays, 2 * kHour, 3 * kHour)};
  EXPECT_EQ(Next(night, "2026-03-28T03:00:00+01:00", "Europe/Paris"), "2026-03-30T02:00:00+02:00");
  // A span that the skip enters in its middle opens at the skip.
  const std::vector<Span> longer = {During(kSunday, 2 * kHour + 30, 4 * kHour)};
  EXPECT_EQ(Next(longer, "2026-03-28T12:00:00+01:00", "Europe/Paris"), "2026-03-29T03:00:00+02:00");
}

TEST(HoursTest, TheNextOpeningMayBeAfterTheWeekend) {
  EXPECT_EQ(Next(kOffice, "2026-11-20T20:00:00+01:00", "Europe/Paris"),
            "2026-11-23T10:00:00+01:00");
  EXPECT_EQ(Next(kOffice, "2026-11-23T13:00:00+01:00", "Europe/Paris"),
            "2026-11-23T14:00:00+01:00");
}

TEST(HoursTest, MidnightThatIsSkippedOpensWhenTheNewDayBegins) {
  const std::vector<Span> friday = {During("0000100", 0, 24 * kHour)};
  EXPECT_EQ(Next(friday, "2014-05-15T12:00:00+02:00", "Africa/Cairo"), "2014-05-16T01:00:00+03:00");
}

TEST(HoursTest, AMidnightThatComesTwiceOpensAndShutsTwice) {
  // St. John's went from Sunday 00:01 back to Saturday 23:01.
  const std::vector<Span> sunday = {During(kSunday, 0, 24 * kHour)};
  EXPECT_EQ(Next(sunday, "2010-11-06T12:00:00-02:30", "America/St_Johns"),
            "2010-11-07T00:00:00-02:30");
  EXPECT_FALSE(Within(sunday, "2010-11-06T23:01:00-03:30", "America/St_Johns"));
  EXPECT_EQ(Next(sunday, "2010-11-06T23:01:00-03:30", "America/St_Johns"),
            "2010-11-07T00:00:00-03:30");
}

TEST(HoursTest, TheAnswerStaysUntilTheMomentThatIsNamed) {
  // Minute by minute over both clock changes of a year.
  for (const std::string_view zone : {"Europe/Paris", "America/New_York", "Australia/Lord_Howe"}) {
    const absl::TimeZone tz = Zone(zone);
    for (Instant t = T("2026-03-01T00:00:00Z"); t < T("2026-11-30T00:00:00Z");) {
      const Instant until = HoursStayUntil(kOffice, t, tz);
      ASSERT_GT(until, t);
      const bool within = WithinHours(kOffice, t, tz);
      for (; t < until; t = t + Seconds{60}) ASSERT_EQ(WithinHours(kOffice, t, tz), within);
      t = until;
    }
  }
}

}  // namespace
}  // namespace consent::core
