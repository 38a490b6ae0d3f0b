// SPDX-License-Identifier: Apache-2.0

#include "src/consent/preferences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Period kDay = Period::kDay, kYear = Period::kYear;

class PreferencesTest : public testing::Test {
 protected:
  PreferencesTest() {
    world_.At("2026-03-02T09:00:00+01:00");
    for (const char* company : {"acme", "bell"}) {
      Grant grant = GrantOf("g1", world_.now(), {AtMost(9, "calls", Calls(), Calendar(kYear))});
      grant.company = company;
      EXPECT_EQ(world_.Give(std::move(grant)), Reason::kOk);
    }
  }
  static ChannelSet Calls() { return On({Channel::kCall}); }

  void Prefer(Preferences preferences) {
    EXPECT_TRUE(ValidatePreferences(preferences).ok()) << ValidatePreferences(preferences);
    Preferred preferred;
    preferred.preferences = std::move(preferences);
    EXPECT_EQ(world_.Say(std::move(preferred)), Reason::kOk);
  }
  Preferences AtMostCalls(int64_t max, Window window) {
    Preferences preferences;
    preferences.limits = {AtMost(max, "all", Calls(), window)};
    return preferences;
  }
  Judgement ConsumeBy(std::string company, Purpose purpose = Purpose::kDirectMarketing) {
    Request request = world_.Wish();
    request.company = std::move(company);
    request.purpose = purpose;
    return world_.Consume(request);
  }

  World world_;
};

TEST_F(PreferencesTest, ACapCountsTheContactsOfAllCompanies) {
  Prefer(AtMostCalls(1, Calendar(kYear)));
  EXPECT_EQ(ConsumeBy("acme").decision.verdict, Verdict::kAllowed);
  const Judgement second = ConsumeBy("bell");
  EXPECT_EQ(second.decision.reason, Reason::kLimitReached);
  EXPECT_EQ(second.decision.limit, "preferences/all");
  EXPECT_THAT(second.decision.remaining,
              ElementsAre(Remaining{"calls", 9}, Remaining{"preferences/all", 0}));
  EXPECT_EQ(world_.Show(second.decision.next_allowed), "2027-01-01T00:00:00+01:00");
}

TEST_F(PreferencesTest, ACompanyHearsOnlyThatACapIsFullAndOnWhichDayToAskAgain) {
  Prefer(AtMostCalls(1, Rolling(kDay)));
  ConsumeBy("acme");
  world_.At("2026-03-02T15:00:00+01:00");
  const Judgement second = ConsumeBy("bell");
  EXPECT_EQ(world_.Show(second.decision.next_allowed), "2026-03-03T09:00:00+01:00");
  EXPECT_EQ(second.answered.reason, Reason::kConsumerLimit);
  EXPECT_EQ(second.answered.limit, "");
  EXPECT_THAT(second.answered.remaining, ElementsAre(Remaining{"calls", 9}));
  EXPECT_EQ(world_.Show(second.answered.next_allowed), "2026-03-03T00:00:00+01:00");
}

TEST_F(PreferencesTest, ADateOfTodayIsToldAsTomorrow) {
  Prefer(AtMostCalls(1, Rolling(kDay)));
  ConsumeBy("acme");
  world_.At("2026-03-03T08:00:00+01:00");
  const Judgement second = ConsumeBy("bell");
  EXPECT_EQ(world_.Show(second.decision.next_allowed), "2026-03-03T09:00:00+01:00");
  EXPECT_EQ(world_.Show(second.answered.next_allowed), "2026-03-04T00:00:00+01:00");
}

TEST_F(PreferencesTest, ADateThatFollowsFromTheGrantAloneIsToldToTheSecond) {
  Prefer(AtMostCalls(5, Calendar(kYear)));
  world_.Revoke("bell");
  Grant grant =
      GrantOf("g2", T("2026-03-05T10:00:00+01:00"), {AtMost(9, "calls", Calls(), Calendar(kYear))});
  grant.company = "bell";
  world_.Give(std::move(grant));
  const Judgement denied = ConsumeBy("bell");
  EXPECT_EQ(world_.Show(denied.answered.next_allowed), "2026-03-05T10:00:00+01:00");
}

TEST_F(PreferencesTest, AnAllowedAnswerHidesWhatTheCapLeavesAndARepeatDoesToo) {
  Prefer(AtMostCalls(2, Calendar(kYear)));
  const Request wish = world_.Wish();
  for (int i = 0; i < 2; ++i) {
    const Judgement judgement = world_.Consume(wish);
    EXPECT_EQ(judgement.decision.verdict, Verdict::kAllowed);
    EXPECT_THAT(judgement.decision.remaining,
                ElementsAre(Remaining{"calls", 8}, Remaining{"preferences/all", 1}));
    EXPECT_THAT(judgement.answered.remaining, ElementsAre(Remaining{"calls", 8}));
  }
}

TEST_F(PreferencesTest, TheyAreAboutTheirPurposesAlone) {
  Preferences preferences = AtMostCalls(1, Calendar(kYear));
  preferences.pause_until = T("2026-04-01T00:00:00+02:00");
  preferences.purposes = For({Purpose::kSurvey});
  Prefer(preferences);
  EXPECT_EQ(ConsumeBy("acme").decision.verdict, Verdict::kAllowed);
  EXPECT_EQ(ConsumeBy("bell").decision.verdict, Verdict::kAllowed);
}

TEST_F(PreferencesTest, APauseDeniesUntilItsEnd) {
  Preferences preferences;
  preferences.pause_until = T("2026-04-01T00:00:00+02:00");
  Prefer(preferences);
  const Judgement paused = ConsumeBy("acme");
  EXPECT_EQ(paused.decision.reason, Reason::kPaused);
  EXPECT_EQ(world_.Show(paused.decision.next_allowed), "2026-04-01T00:00:00+02:00");
  world_.At("2026-04-01T00:00:00+02:00");
  EXPECT_EQ(ConsumeBy("acme").decision.verdict, Verdict::kAllowed);
}

TEST_F(PreferencesTest, QuietHoursDenyWithinAndEndAPermit) {
  Preferences preferences;
  preferences.quiet = {During("1111111", 12 * 60, 14 * 60)};
  Prefer(preferences);
  world_.At("2026-03-02T11:58:00+01:00");
  EXPECT_EQ(world_.Show(ConsumeBy("acme").decision.contact_before), "2026-03-02T12:00:00+01:00");
  world_.At("2026-03-02T12:00:00+01:00");
  const Judgement quiet = ConsumeBy("acme");
  EXPECT_EQ(quiet.decision.reason, Reason::kOutsideHours);
  EXPECT_EQ(world_.Show(quiet.decision.next_allowed), "2026-03-02T14:00:00+01:00");
  EXPECT_THAT(quiet.decision.rule, IsEmpty());
}

TEST_F(PreferencesTest, NewOnesReplaceThoseBefore) {
  Prefer(AtMostCalls(1, Calendar(kYear)));
  ConsumeBy("acme");
  Prefer(Preferences{});
  EXPECT_EQ(ConsumeBy("bell").decision.verdict, Verdict::kAllowed);
}

TEST_F(PreferencesTest, AnAttemptCountedApartDoesNotCountTowardsThem) {
  Prefer(AtMostCalls(1, Calendar(kYear)));
  Limit limit = AtMost(9, "calls", Calls(), Calendar(kYear));
  limit.max_attempts = 9;
  world_.Give(GrantOf("g2", world_.now(), {limit}));
  ConsumeBy("acme");
  EXPECT_EQ(ConsumeBy("bell").decision.limit, "preferences/all");
  world_.Report(world_.record.At("acme").contacts[0].position, Outcome::kNoAnswer);
  EXPECT_EQ(ConsumeBy("bell").decision.verdict, Verdict::kAllowed);
}

TEST_F(PreferencesTest, ThoseSignedEarlierDoNotReplaceLaterOnes) {
  const KeyId key{{1}};
  world_.record.keys.push_back(key);
  const auto say = [&](uint8_t id, int64_t ahead_ms) {
    Preferred preferred;
    preferred.statement = SignedBytes{
        {{id}}, world_.now().unix_seconds * 1000 + ahead_ms, Signer::kConsumer, key, ""};
    return world_.Say(std::move(preferred));
  };
  EXPECT_EQ(say(1, -1000), Reason::kOk);
  EXPECT_EQ(say(2, -2000), Reason::kNarrowedSince);
  // A clock years ahead shuts out no later word.
  EXPECT_EQ(say(3, int64_t{1} << 40), Reason::kOk);
  world_.At("2026-03-02T09:00:10+01:00");
  EXPECT_EQ(say(4, 0), Reason::kOk);
}

// Dates cost time to work out, and a stranger could measure it.
TEST_F(PreferencesTest, NoDateIsWorkedOutForAStranger) {
  Preferred preferred;
  preferred.preferences.pause_until = world_.now() + Seconds{3600};
  world_.Say(std::move(preferred));
  Request request = world_.Wish();
  request.company = "press";
  world_.asker.sectors = For({Purpose::kDirectMarketing});
  Rule consent;
  consent.id = "consent";
  consent.body = ConsentRule{};
  Rule exempt;
  exempt.id = "exempt";
  exempt.body = Exemption{{"consent"}, Basis::kExempt, {}, 0};
  world_.law.rules = {consent, exempt};
  const auto checked = [&](NextAllowed next) {
    return core::Check(world_.record, request, world_.moment(), next).decision;
  };
  EXPECT_EQ(checked(NextAllowed::kForStrangersToo).reason, Reason::kPaused);
  EXPECT_TRUE(checked(NextAllowed::kForStrangersToo).next_allowed.has_value());
  EXPECT_FALSE(checked(NextAllowed::kAlways).next_allowed.has_value());
  EXPECT_FALSE(checked(NextAllowed::kWhenDenied).next_allowed.has_value());
}

TEST(ValidatePreferencesTest, OnlyCalendarAndRollingWindowsMeanSomethingAcrossCompanies) {
  Preferences preferences;
  EXPECT_TRUE(ValidatePreferences(preferences).ok());
  for (const Window window : {Anniversary(kYear), Lifetime()}) {
    preferences.limits = {AtMost(1, "l", On({Channel::kCall}), window)};
    EXPECT_FALSE(ValidatePreferences(preferences).ok());
  }
  preferences.limits.clear();
  preferences.purposes = {};
  EXPECT_FALSE(ValidatePreferences(preferences).ok());
}

}  // namespace
}  // namespace consent::core
