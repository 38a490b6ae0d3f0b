// SPDX-License-Identifier: Apache-2.0
//
// The model itself, on cases worked out by hand.

#include "tests/model/model.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/time/time.h"
#include "tests/model/civil.h"

namespace consent::model {
namespace {

using core::Alignment;
using core::Channel;
using core::Period;
using core::Purpose;
using core::Reason;
using core::Verdict;

Instant At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text << ": " << error;
  return FromAbslTime(time);
}

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

World In(const std::string& zone) {
  World world;
  world.zones = {zone};
  return world;
}

core::Grant CallGrant(Instant from, core::Window window) {
  core::Grant grant;
  grant.id = "g";
  grant.company = "acme";
  grant.purposes.Add(Purpose::kDirectMarketing);
  grant.valid_from = from;
  core::Limit limit;
  limit.id = "calls";
  limit.channels.Add(Channel::kCall);
  limit.max = 1;
  limit.window = window;
  grant.limits.push_back(limit);
  return grant;
}

core::Request Call(const std::string& id) {
  core::Request request;
  request.company = "acme";
  request.request_id = id;
  request.channel = Channel::kCall;
  request.purpose = Purpose::kDirectMarketing;
  return request;
}

TEST(ModelCivilTest, ADayPastTheMonthsEndBecomesItsLast) {
  const absl::TimeZone paris = Zone("Europe/Paris");
  EXPECT_EQ(Plus(At("2027-01-31T10:00:00+01:00"), Period::kMonth, 1, paris),
            At("2027-02-28T10:00:00+01:00"));
  EXPECT_EQ(Plus(At("2028-01-31T10:00:00+01:00"), Period::kMonth, 1, paris),
            At("2028-02-29T10:00:00+01:00"));
  EXPECT_EQ(Plus(At("2028-02-29T10:00:00+01:00"), Period::kYear, 1, paris),
            At("2029-02-28T10:00:00+01:00"));
}

TEST(ModelCivilTest, ASkippedOrRepeatedTimeIsReadWithTheOffsetBefore) {
  const absl::TimeZone paris = Zone("Europe/Paris");
  EXPECT_EQ(Plus(At("2026-03-28T02:30:00+01:00"), Period::kDay, 1, paris),
            At("2026-03-29T02:30:00+01:00"));
  EXPECT_EQ(Plus(At("2026-10-24T02:30:00+02:00"), Period::kDay, 1, paris),
            At("2026-10-25T02:30:00+02:00"));
  // Samoa had no 30 December 2011: the moment the clock would have shown it.
  EXPECT_EQ(Plus(At("2011-12-29T10:00:00-10:00"), Period::kDay, 1, Zone("Pacific/Apia")),
            At("2011-12-30T10:00:00-10:00"));
}

TEST(ModelCivilTest, BlocksCountFromTheirOrigins) {
  EXPECT_EQ(BlockOf(absl::CivilDay(1970, 1, 1), Period::kDay, 3), 0);
  EXPECT_EQ(BlockOf(absl::CivilDay(1969, 12, 31), Period::kDay, 3), -1);
  EXPECT_EQ(BlockOf(absl::CivilDay(1970, 1, 4), Period::kWeek, 2), -1);
  EXPECT_EQ(BlockOf(absl::CivilDay(1970, 1, 18), Period::kWeek, 2), 0);
  EXPECT_EQ(BlockOf(absl::CivilDay(1970, 1, 19), Period::kWeek, 2), 1);
  // Three months are the quarters.
  EXPECT_EQ(BlockOf(absl::CivilDay(2026, 4, 1), Period::kMonth, 3),
            BlockOf(absl::CivilDay(2026, 3, 31), Period::kMonth, 3) + 1);
  EXPECT_EQ(BlockOf(absl::CivilDay(2026, 6, 30), Period::kMonth, 3),
            BlockOf(absl::CivilDay(2026, 4, 1), Period::kMonth, 3));
  EXPECT_EQ(BlockOf(absl::CivilDay(2026, 1, 1), Period::kYear, 2), 1013);
}

TEST(ModelCivilTest, AMidnightThatExistsTwiceIsItsFirst) {
  // Until 2011 Newfoundland's clocks went back from 00:01 to 23:01 of the day before.
  const absl::TimeZone zone = Zone("America/St_Johns");
  const Instant first = At("2010-11-07T00:00:00-02:30");
  EXPECT_EQ(DayOf(first - Seconds{1}, zone), absl::CivilDay(2010, 11, 6));
  EXPECT_EQ(DayOf(first, zone), absl::CivilDay(2010, 11, 7));
  EXPECT_EQ(Wall(first + Seconds{600}, zone), absl::CivilSecond(2010, 11, 6, 23, 10, 0));
  EXPECT_EQ(DayOf(first + Seconds{600}, zone), absl::CivilDay(2010, 11, 7));
}

TEST(ModelCivilTest, EveryAnniversaryIsComputedFromTheFirstDay) {
  const absl::TimeZone paris = Zone("Europe/Paris");
  const Instant from = At("2026-01-31T09:00:00+01:00");
  EXPECT_EQ(AnniversaryStart(2, from, Period::kMonth, 1, paris), At("2026-03-31T09:00:00+02:00"));
  EXPECT_EQ(AnniversaryOf(At("2026-03-31T08:59:59+02:00"), from, Period::kMonth, 1, paris), 1);
  EXPECT_EQ(AnniversaryOf(At("2026-03-31T09:00:00+02:00"), from, Period::kMonth, 1, paris), 2);
}

TEST(ModelTest, TheSecondCallOfAYearWaitsForTheHoursOfTheNext) {
  Model model(In("Europe/Paris"));
  core::Grant grant = CallGrant(At("2026-03-01T09:00:00Z"), {Period::kYear, Alignment::kCalendar});
  grant.hours.push_back({0b0011111, 600, 780});
  model.Play({grant.valid_from, 0, grant});
  const Answer first = model.Play({At("2026-03-02T09:00:00Z"), 1, Consume{Call("r1")}});
  EXPECT_EQ(first.verdict, Verdict::kAllowed);
  EXPECT_EQ(first.contact_before, At("2026-03-02T09:05:00Z"));
  EXPECT_EQ(first.next_allowed, At("2027-01-01T10:00:00+01:00"));
  const Answer second = model.Play({At("2026-03-02T09:00:01Z"), 2, Consume{Call("r2")}});
  EXPECT_EQ(second.reason, Reason::kLimitReached);
  EXPECT_EQ(second.limit, "calls");
  EXPECT_EQ(second.next_allowed, At("2027-01-01T10:00:00+01:00"));
}

TEST(ModelTest, AHeldUnitIsFreeAtTheSecondItLapses) {
  Model model(In("UTC"));
  const Instant now = At("2026-03-02T09:00:00Z");
  model.Play({now, 0, CallGrant(now, {Period::kLifetime})});
  core::Request held = Call("r1");
  held.hold = Seconds{60};
  EXPECT_EQ(model.Play({now, 1, Consume{held}}).verdict, Verdict::kAllowed);
  const Answer full = model.Play({now + Seconds{59}, 2, Consume{Call("r2")}});
  EXPECT_EQ(full.reason, Reason::kLimitReached);
  EXPECT_EQ(full.next_allowed, now + Seconds{60});
  EXPECT_EQ(model.Play({now + Seconds{60}, 3, Confirm{1}}).reason, Reason::kPermitLapsed);
  EXPECT_EQ(model.Play({now + Seconds{60}, 4, Consume{held}}).reason, Reason::kPermitLapsed);
  EXPECT_EQ(model.Play({now + Seconds{60}, 5, Consume{Call("r3")}}).verdict, Verdict::kAllowed);
}

TEST(ModelTest, AClaimIsOutrankedByTheConsumersWord) {
  Model model(In("UTC"));
  const Instant now = At("2026-03-02T09:00:00Z");
  core::Grant claim = CallGrant(now, {Period::kLifetime});
  claim.signed_by = core::Signer::kCompany;
  claim.collected_at = now;
  model.Play({now, 0, Revoke{"acme", ""}});
  EXPECT_EQ(model.Play({now, 1, claim}).reason, Reason::kOutranked);
  claim.collected_at = now + Seconds{1};
  EXPECT_EQ(model.Play({now + Seconds{1}, 2, claim}).reason, Reason::kOk);
  // Her own grant, though it has ended, silences it.
  core::Grant own = CallGrant(now - Seconds{9}, {Period::kLifetime});
  own.id = "own";
  own.valid_until = now;
  model.Play({now + Seconds{2}, 3, own});
  EXPECT_EQ(model.Play({now + Seconds{3}, 4, Consume{Call("r")}}).reason, Reason::kExpired);
}

}  // namespace
}  // namespace consent::model
