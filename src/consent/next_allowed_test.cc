// SPDX-License-Identifier: Apache-2.0

#include "src/consent/next_allowed.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

const ChannelSet kCalls = On({Channel::kCall});

Limit Calls(int64_t max, Window window, std::string id = "calls") {
  return AtMost(max, std::move(id), kCalls, window);
}

TEST(NextAllowedTest, ARollingLimitOpensWhenItsOldestContactLeaves) {
  World world;
  world.At("2026-01-31T10:00:00+01:00")
      .Give(GrantOf("g1", world.now(), {Calls(3, Rolling(Period::kMonth))}));
  world.Consume();
  world.At("2026-02-10T10:00:00+01:00").Consume();
  EXPECT_EQ(world.Show(world.At("2026-02-11T10:00:00+01:00").Consume().decision.next_allowed),
            "2026-02-28T10:00:00+01:00");
}

TEST(NextAllowedTest, ContactsLeaveInTheOrderOfTheirEnds) {
  // 30 January 18:00 leaves after 31 January 09:00: both are over on 28 February.
  World world;
  world.At("2026-01-30T18:00:00+01:00")
      .Give(GrantOf("g1", world.now(), {Calls(2, Rolling(Period::kMonth))}));
  world.Consume();
  world.At("2026-01-31T09:00:00+01:00").Consume();
  EXPECT_EQ(world.Show(world.Check().decision.next_allowed), "2026-02-28T09:00:00+01:00");
}

TEST(NextAllowedTest, SeveralMayHaveToLeaveAfterAStricterGrant) {
  World world;
  world.At("2026-03-02T10:00:00+01:00")
      .Give(GrantOf("wide", world.now(), {Calls(9, Rolling(Period::kYear))}));
  for (const std::string_view at :
       {"2026-03-02T10:00:00+01:00", "2026-03-03T11:00:00+01:00", "2026-03-04T12:00:00+01:00"}) {
    world.At(at).Consume();
  }
  world.Give(GrantOf("narrow", world.now(), {Calls(2, Rolling(Period::kDay, 10))}));
  EXPECT_EQ(world.Show(world.Check().decision.next_allowed), "2026-03-13T11:00:00+01:00");
}

TEST(NextAllowedTest, AllFullLimitsMustOpen) {
  World world;
  world.At("2026-03-02T10:00:00+01:00")
      .Give(GrantOf(
          "g1", world.now(),
          {Calls(1, Calendar(Period::kDay), "day"), Calls(1, Rolling(Period::kWeek), "week"),
           Calls(1, Anniversary(Period::kMonth), "month")}));
  EXPECT_EQ(world.Show(world.Consume().decision.next_allowed), "2026-04-02T10:00:00+02:00");
}

TEST(NextAllowedTest, RoomInsideClosedHoursWaitsForTheNextOpening) {
  World world;
  Grant grant = GrantOf("g1", T("2026-03-01T00:00:00Z"), {Calls(1, Rolling(Period::kDay))});
  grant.hours = {During("1111100", 10 * 60, 13 * 60)};
  world.At("2026-03-06T12:30:00+01:00").Give(grant);  // A Friday.
  EXPECT_EQ(world.Show(world.Consume().decision.next_allowed), "2026-03-09T10:00:00+01:00");
}

TEST(NextAllowedTest, AUsedLifetimeIsNever) {
  World world;
  world.At("2026-03-02T10:00:00Z").Give(GrantOf("g1", world.now(), {Calls(1, Lifetime())}));
  EXPECT_EQ(world.Consume().decision.next_allowed, std::nullopt);
  EXPECT_EQ(world.Consume().decision.next_allowed, std::nullopt);
}

TEST(NextAllowedTest, AGrantAlreadyGivenMayBeginBefore) {
  World world;
  world.At("2026-03-02T10:00:00Z").Give(GrantOf("g1", world.now(), {Calls(1, Lifetime())}));
  world.Consume();
  world.Give(GrantOf("g2", T("2026-05-01T00:00:00Z"), {Calls(1, Lifetime())}));
  EXPECT_EQ(world.Check().decision.next_allowed, T("2026-05-01T00:00:00Z"));
  // One that begins in between takes away what would have been.
  World other;
  other.At("2026-03-02T10:00:00Z")
      .Give(GrantOf("g1", other.now(), {Calls(1, Calendar(Period::kYear))}));
  other.Consume();
  Grant texts = GrantOf("g2", T("2026-12-01T00:00:00Z"),
                        {AtMost(1, "texts", On({Channel::kSms}), Lifetime())});
  other.Give(texts);
  EXPECT_EQ(other.Check().decision.next_allowed, std::nullopt);
}

TEST(NextAllowedTest, NothingIsAllowedAfterTheGrantsEnd) {
  World world;
  Grant grant = GrantOf("g1", T("2026-03-02T10:00:00Z"), {Calls(1, Calendar(Period::kYear))});
  grant.valid_until = T("2026-12-31T23:00:00Z");  // Midnight in Paris.
  world.At("2026-03-02T10:00:00Z").Give(grant);
  EXPECT_EQ(world.Consume().decision.next_allowed, std::nullopt);

  World longer;
  grant.valid_until = T("2026-12-31T23:00:01Z");
  longer.At("2026-03-02T10:00:00Z").Give(grant);
  EXPECT_EQ(longer.Consume().decision.next_allowed, T("2026-12-31T23:00:00Z"));
}

TEST(NextAllowedTest, AGrantThatHasNotBegunOpensAtItsBeginning) {
  World world;
  world.At("2026-03-02T10:00:00Z")
      .Give(GrantOf("g1", T("2026-04-01T07:00:00Z"), {Calls(1, Lifetime())}));
  EXPECT_EQ(world.Check().decision.next_allowed, T("2026-04-01T07:00:00Z"));
}

TEST(NextAllowedTest, FiveYearsAheadIsWithinAndASecondMoreIsNot) {
  World world;
  world.At("2026-03-02T10:00:00Z");
  world.Give(GrantOf("g1", world.now() + kHorizon, {Calls(1, Lifetime())}));
  EXPECT_EQ(world.Check().decision.next_allowed, world.now() + kHorizon);
  World later;
  later.At("2026-03-02T10:00:00Z");
  later.Give(GrantOf("g1", later.now() + kHorizon + Seconds{1}, {Calls(1, Lifetime())}));
  EXPECT_EQ(later.Check().decision.next_allowed, std::nullopt);
}

TEST(NextAllowedTest, AHeldPermitLapsesEarlierThanTheWindowEnds) {
  World world;
  world.At("2026-03-02T10:00:00Z")
      .Give(GrantOf("g1", world.now(), {Calls(2, Calendar(Period::kYear))}));
  world.Consume();
  Request held = world.Wish();
  held.hold = {7200};
  EXPECT_EQ(world.Consume(held).decision.next_allowed, T("2026-03-02T12:00:00Z"));
}

TEST(NextAllowedTest, AttemptsAndContactsOpenApart) {
  World world;
  Grant grant = GrantOf("g1", T("2026-03-02T10:00:00Z"), {Calls(1, Rolling(Period::kDay, 30))});
  grant.limits[0].max_attempts = 2;
  world.At("2026-03-02T10:00:00Z").Give(grant);
  world.Consume();
  world.Report(world.last(), Outcome::kBusy);
  world.At("2026-03-03T10:00:00Z").Consume();
  // Two attempts, one contact: the contact of the 3rd must leave, the attempt of the 2nd is not
  // enough.
  EXPECT_EQ(world.Show(world.Check().decision.next_allowed), "2026-04-02T11:00:00+02:00");
  world.Report(world.last(), Outcome::kBusy);
  // Two attempts, no contact: one attempt must leave.
  EXPECT_EQ(world.Show(world.Check().decision.next_allowed), "2026-04-01T11:00:00+02:00");
}

TEST(NextAllowedTest, TheEveningOfTheTwentyNinthOfFebruary) {
  World world;
  world.At("2028-02-29T19:00:00+01:00")
      .Give(GrantOf("g1", world.now(), {Calls(1, Rolling(Period::kYear))}));
  EXPECT_EQ(world.Show(world.Consume().decision.next_allowed), "2029-02-28T19:00:00+01:00");
}

TEST(NextAllowedTest, YearEndsEastAndWestAreTheirOwn) {
  for (const auto& [zone, next] : {std::pair{"Pacific/Kiritimati", "2027-01-01T00:00:00+14:00"},
                                   std::pair{"America/New_York", "2027-01-01T00:00:00-05:00"}}) {
    World world(zone);
    world.At("2026-06-01T00:00:00Z")
        .Give(GrantOf("g1", world.now(), {Calls(1, Calendar(Period::kYear))}));
    EXPECT_EQ(world.Show(world.Consume().decision.next_allowed), next);
  }
}

TEST(NextAllowedTest, ARollingDayOverTheSpringChangeIsShorter) {
  World world;
  world.At("2026-03-28T02:30:00+01:00")
      .Give(GrantOf("g1", world.now(), {Calls(1, Rolling(Period::kDay))}));
  EXPECT_EQ(world.Show(world.Consume().decision.next_allowed), "2026-03-29T03:30:00+02:00");
}

TEST(NextAllowedTest, ABlockIsForever) {
  World world;
  world.At("2026-03-02T10:00:00Z")
      .Give(GrantOf("g1", world.now(), {Calls(1, Calendar(Period::kDay))}));
  world.Block("acme");
  EXPECT_EQ(world.Check().decision.next_allowed, std::nullopt);
}

TEST(NextAllowedTest, WithoutAZoneThereIsNoDate) {
  World world;
  world.At("2026-03-02T10:00:00Z")
      .Give(GrantOf("g1", T("2026-04-01T00:00:00Z"), {Calls(1, Calendar(Period::kDay))}));
  world.ForgetZone();
  EXPECT_EQ(world.Check().decision.reason, Reason::kNotYetValid);
  EXPECT_EQ(world.Check().decision.next_allowed, std::nullopt);
}

}  // namespace
}  // namespace consent::core
