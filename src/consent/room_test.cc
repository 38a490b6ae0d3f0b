// SPDX-License-Identifier: Apache-2.0
//
// Which contacts a limit counts.

#include "src/consent/room.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::ElementsAre;

// One call a year from 1 March 2026.
Grant YearlyCall(std::string id = "g1") {
  return GrantOf(std::move(id), T("2026-03-01T09:00:00Z"),
                 {AtMost(1, "calls", On({Channel::kCall}), Calendar(Period::kYear))});
}

TEST(CountingTest, ContactsUnderOtherGrantsCountForAnyOfTheGrantsPurposes) {
  World world;
  Grant survey = YearlyCall("survey");
  survey.purposes = For({Purpose::kSurvey});
  survey.limits[0].max = 9;
  world.At("2026-03-01T09:00:00Z").Give(survey);
  Request request = world.Wish();
  request.purpose = Purpose::kSurvey;
  EXPECT_EQ(world.Consume(request).decision.reason, Reason::kOk);

  Grant both = YearlyCall("both");
  both.purposes = For({Purpose::kSurvey, Purpose::kDirectMarketing});
  both.limits[0].max = 2;
  world.Give(both);
  EXPECT_THAT(world.Consume().decision.remaining, ElementsAre(Remaining{"calls", 0}));

  world.Give(YearlyCall("marketing alone"));
  EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);  // The survey is not counted.
  Grant two = YearlyCall("two");
  two.limits[0].max = 2;
  world.Give(two);
  EXPECT_EQ(world.Consume().decision.reason, Reason::kOk);
}

TEST(CountingTest, OtherCompaniesCountApart) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
  Grant other = YearlyCall();
  other.company = "other";
  world.Give(other);
  EXPECT_EQ(world.Consume().decision.reason, Reason::kOk);
  Request request = world.Wish();
  request.company = "other";
  EXPECT_EQ(world.Consume(request).decision.reason, Reason::kOk);
  EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);
}

TEST(CountingTest, LifetimeAndAnniversariesLeaveOutWhatCameBeforeTheGrant) {
  for (const Window& window : {Lifetime(), Anniversary(Period::kYear)}) {
    World world;
    world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
    EXPECT_EQ(world.Consume().decision.reason, Reason::kOk);
    Grant renewed = YearlyCall("renewed");
    renewed.valid_from = T("2026-03-01T09:00:01Z");
    renewed.limits[0].window = window;
    world.At("2026-03-01T09:00:01Z").Give(renewed);
    EXPECT_EQ(world.Consume().decision.reason, Reason::kOk);
    EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);
  }
}

TEST(AttemptsTest, WithoutMaxAttemptsEveryAttemptIsAContact) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
  world.Consume();
  world.Report(world.last(), Outcome::kNoAnswer);
  EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);
}

TEST(AttemptsTest, ThoseThatReachNobodyCountOnlyTowardsMaxAttempts) {
  World world;
  Grant grant = YearlyCall();
  grant.limits[0].max_attempts = 3;
  world.At("2026-03-01T09:00:00Z").Give(grant);
  for (const Outcome outcome : {Outcome::kNoAnswer, Outcome::kBusy}) {
    EXPECT_EQ(world.Consume().decision.reason, Reason::kOk);
    EXPECT_EQ(world.Check().decision.reason, Reason::kLimitReached);
    world.Report(world.last(), outcome);
    EXPECT_THAT(world.Check().decision.remaining, ElementsAre(Remaining{"calls", 1}));
  }
  EXPECT_EQ(world.Consume().decision.reason, Reason::kOk);
  world.Report(world.last(), Outcome::kFailed);
  const Decision denied = world.Check().decision;
  EXPECT_EQ(denied.reason, Reason::kLimitReached);
  EXPECT_THAT(denied.remaining, ElementsAre(Remaining{"calls", 0}));
  EXPECT_EQ(world.Show(denied.next_allowed), "2027-01-01T00:00:00+01:00");
}

TEST(AttemptsTest, TheSmallerRestRemains) {
  World world;
  Grant grant = YearlyCall();
  grant.limits[0].max = 3;
  grant.limits[0].max_attempts = 3;
  world.At("2026-03-01T09:00:00Z").Give(grant);
  world.Consume();
  world.Report(world.last(), Outcome::kBusy);
  EXPECT_THAT(world.Check().decision.remaining, ElementsAre(Remaining{"calls", 2}));
}

TEST(AttemptsTest, VoicemailAndWrongNumbersAreContacts) {
  World world;
  Grant grant = YearlyCall();
  grant.limits[0].max_attempts = 3;
  world.At("2026-03-01T09:00:00Z").Give(grant);
  world.Consume();
  world.Report(world.last(), Outcome::kInvalidNumber);
  EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);
}

}  // namespace
}  // namespace consent::core
