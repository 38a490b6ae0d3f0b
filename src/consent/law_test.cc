// SPDX-License-Identifier: Apache-2.0
//
// Rules of each kind, one at a time. The packs of real law are tested in src/rules.

#include "src/consent/law.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kWorkdays = "1111100";

class LawTest : public testing::Test {
 protected:
  LawTest() { world_.At("2026-03-02T09:00:00+01:00"); }  // A Monday.

  // A rule on everything, under the id of its place: "r0", "r1".
  template <class Body>
  Rule& Add(Body body) {
    Rule& rule = world_.law.rules.emplace_back();
    rule.id = "r" + std::to_string(world_.law.rules.size() - 1);
    rule.body = std::move(body);
    return rule;
  }
  HoursRule Office() {
    HoursRule hours;
    hours.spans = {During(kWorkdays, 10 * 60, 20 * 60)};
    hours.holidays = {{5, 1, 0, {}}};
    return hours;
  }
  Grant Calls(std::string id = "g1") {
    return GrantOf(std::move(id), world_.now(),
                   {AtMost(100, "calls", On({Channel::kCall}), Calendar(Period::kYear))});
  }
  Decision Consume() { return world_.Consume().decision; }
  Decision ConsumeAt(std::string_view time) {
    world_.At(time);
    return Consume();
  }

  World world_;
};

TEST_F(LawTest, HoursAreThoseOfTheRuleAndItIsCited) {
  world_.Give(Calls());
  Add(Office());
  const Decision early = Consume();
  EXPECT_EQ(early.reason, Reason::kOutsideHours);
  EXPECT_EQ(early.rule, "r0");
  EXPECT_EQ(world_.Show(early.next_allowed), "2026-03-02T10:00:00+01:00");
  EXPECT_EQ(ConsumeAt("2026-03-02T10:00:00+01:00").verdict, Verdict::kAllowed);
  const Decision friday = ConsumeAt("2026-03-06T20:00:00+01:00");
  EXPECT_EQ(world_.Show(friday.next_allowed), "2026-03-09T10:00:00+01:00");
}

TEST_F(LawTest, AHolidayIsClosedAllDay) {
  world_.Give(Calls());
  Add(Office());
  const Decision may_day = ConsumeAt("2026-05-01T11:00:00+02:00");
  EXPECT_EQ(may_day.reason, Reason::kOutsideHours);
  EXPECT_EQ(world_.Show(may_day.next_allowed), "2026-05-04T10:00:00+02:00");
}

TEST_F(LawTest, AGrantLiftsLegalHoursOnlyWhereTheRuleSaysSoAndOnlyInItsSpans) {
  Grant grant = Calls();
  grant.outside_legal_hours = {During("1111111", 8 * 60, 10 * 60)};
  world_.Give(grant);
  Add(Office());
  EXPECT_EQ(Consume().rule, "r0");
  std::get<HoursRule>(world_.law.rules[0].body).consent_lifts = true;
  EXPECT_EQ(Consume().verdict, Verdict::kAllowed);
  EXPECT_EQ(ConsumeAt("2026-05-01T09:00:00+02:00").verdict, Verdict::kAllowed);
  EXPECT_EQ(ConsumeAt("2026-05-01T11:00:00+02:00").rule, "r0");
}

TEST_F(LawTest, TheStrictestOfSeveralRulesWinsAndTheFirstBrokenIsCited) {
  world_.Give(Calls());
  Add(Office());
  HoursRule evenings;
  evenings.spans = {During("1111111", 18 * 60, 24 * 60)};
  Add(evenings);
  EXPECT_EQ(ConsumeAt("2026-03-02T11:00:00+01:00").rule, "r1");
  const Decision night = ConsumeAt("2026-03-02T21:00:00+01:00");
  EXPECT_EQ(night.rule, "r0");
  EXPECT_EQ(world_.Show(night.next_allowed), "2026-03-03T18:00:00+01:00");
}

TEST_F(LawTest, ARuleBindsWhatItsScopeNames) {
  world_.Give(Calls());
  Rule& rule = Add(Office());
  const Scope everything = rule.scope;
  EXPECT_EQ(Consume().reason, Reason::kOutsideHours);
  const std::function<void(Scope&)> narrowings[] = {
      [](Scope& s) { s.channels = On({Channel::kSms}); },
      [](Scope& s) { s.purposes = For({Purpose::kPress}); },
      [](Scope& s) { s.bases = {}; },
      [](Scope& s) { s.matters.Add(Matter::kHomeRenovation); },
      [](Scope& s) { s.from = T("2026-03-02T09:00:01+01:00"); },
      [](Scope& s) { s.until = T("2026-03-02T09:00:00+01:00"); },
  };
  for (const auto& narrow : narrowings) {
    rule.scope = everything;
    narrow(rule.scope);
    EXPECT_EQ(world_.Check().decision.verdict, Verdict::kAllowed);
  }
  rule.scope = everything;
  rule.scope.regions = {"US"};
  EXPECT_EQ(world_.Check().decision.reason, Reason::kOutsideHours) << "nobody knows the region";
  world_.record.place.regions = {"FR"};
  EXPECT_EQ(world_.Check().decision.verdict, Verdict::kAllowed);
}

TEST_F(LawTest, ARuleThatBeginsEndsAPermitAndMovesTheDate) {
  world_.Give(Calls());
  Add(Prohibition{}).scope.from = T("2026-03-02T09:02:00+01:00");
  world_.law.rules[0].scope.until = T("2026-03-03T00:00:00+01:00");
  EXPECT_EQ(world_.Show(Consume().contact_before), "2026-03-02T09:02:00+01:00");
  const Decision denied = ConsumeAt("2026-03-02T10:00:00+01:00");
  EXPECT_EQ(denied.reason, Reason::kProhibited);
  EXPECT_EQ(world_.Show(denied.next_allowed), "2026-03-03T00:00:00+01:00");
}

TEST_F(LawTest, AttemptsOfAllKindsCountAndTheLimitIsTheLaws) {
  world_.Give(Calls());
  AttemptsRule attempts;
  attempts.limit = AtMost(2, "r0", ChannelSet::All(), Rolling(Period::kDay, 30));
  Add(attempts);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Consume().verdict, Verdict::kAllowed);
    world_.Report(world_.last(), Outcome::kNoAnswer);
  }
  const Decision third = Consume();
  EXPECT_EQ(third.reason, Reason::kLimitReached);
  EXPECT_EQ(third.limit, "law/r0");
  EXPECT_EQ(third.rule, "r0");
  EXPECT_THAT(third.remaining, ElementsAre(Remaining{"law/r0", 0}, Remaining{"calls", 98}));
  EXPECT_EQ(world_.Show(third.next_allowed), "2026-04-01T09:00:00+02:00");
}

TEST_F(LawTest, WhatNeverLeftIsNoAttempt) {
  world_.Give(Calls());
  AttemptsRule attempts;
  attempts.limit = AtMost(1, "r0", ChannelSet::All(), Rolling(Period::kDay, 30));
  Add(attempts);
  Consume();
  world_.Report(world_.last(), Outcome::kNotSent);
  EXPECT_EQ(Consume().verdict, Verdict::kAllowed);
}

TEST_F(LawTest, SilenceLastsSoManyFullDaysAfterTheRefusal) {
  world_.Give(Calls());
  Add(SilenceRule{.days = 2});
  Consume();
  world_.At("2026-03-02T19:30:00+01:00");
  world_.Report(world_.record.At("acme").contacts[0].position, Outcome::kDeclined);
  const Decision silent = ConsumeAt("2026-03-02T20:00:00+01:00");
  EXPECT_EQ(silent.reason, Reason::kSilence);
  EXPECT_EQ(silent.rule, "r0");
  EXPECT_EQ(world_.Show(silent.next_allowed), "2026-03-05T00:00:00+01:00");
  EXPECT_EQ(ConsumeAt("2026-03-04T23:59:59+01:00").reason, Reason::kSilence);
  EXPECT_EQ(ConsumeAt("2026-03-05T00:00:00+01:00").verdict, Verdict::kAllowed);
}

TEST_F(LawTest, OnlyARefusalBeginsSilence) {
  world_.Give(Calls());
  Add(SilenceRule{.days = 60});
  for (const Outcome outcome : {Outcome::kConnected, Outcome::kVoicemail, Outcome::kNoAnswer}) {
    Consume();
    world_.Report(world_.last(), outcome);
    EXPECT_EQ(Consume().verdict, Verdict::kAllowed);
  }
}

TEST_F(LawTest, ConsentDoesNotLiftAProhibition) {
  world_.Give(Calls());
  Rule& rule = Add(Prohibition{});
  rule.scope.matters.Add(Matter::kHomeRenovation);
  EXPECT_EQ(Consume().verdict, Verdict::kAllowed);
  Request request = world_.Wish();
  request.matter = Matter::kHomeRenovation;
  EXPECT_EQ(world_.Consume(request).decision.reason, Reason::kProhibited);
}

TEST_F(LawTest, ACallerShowsANumberOfAnAllowedRange) {
  world_.Give(Calls());
  CallerRule caller;
  caller.required = true;
  caller.country = "+33";
  caller.allowed = {"+33162", "+33163"};
  Add(caller);
  const auto by = [&](std::string number) {
    Request request = world_.Wish();
    request.caller_number = std::move(number);
    return world_.Consume(request).decision;
  };
  EXPECT_EQ(by("").reason, Reason::kCallerNumber);
  EXPECT_EQ(by("").rule, "r0");
  EXPECT_EQ(by("+33639980001").reason, Reason::kCallerNumber);
  EXPECT_EQ(by("+33162000001").verdict, Verdict::kAllowed);
  EXPECT_EQ(by("+12125550123").verdict, Verdict::kAllowed);
}

TEST_F(LawTest, ACompanyShowsItsRegisteredNumbersOnceItHasAny) {
  world_.Give(Calls());
  Request request = world_.Wish();
  request.caller_number = "+33199001234";
  EXPECT_EQ(world_.Consume(request).decision.verdict, Verdict::kAllowed);
  world_.asker.numbers = {{"+33199005678", world_.now()}};
  request.request_id = "another";
  const Decision foreign = world_.Consume(request).decision;
  EXPECT_EQ(foreign.reason, Reason::kCallerNumber);
  EXPECT_EQ(foreign.rule, "");
  request.caller_number = "+33199005678";
  EXPECT_EQ(world_.Consume(request).decision.verdict, Verdict::kAllowed);
}

TEST_F(LawTest, NumbersThatRotateAreRefusedUntilTheyAreOldEnough) {
  world_.Give(Calls());
  CallerRule caller;
  caller.new_numbers_max = 1;
  caller.new_numbers_days = 7;
  Add(caller);
  world_.asker.numbers = {{"+33199001234", world_.now()}, {"+33199005678", world_.now()}};
  Request request = world_.Wish();
  request.caller_number = "+33199001234";
  const Decision rotating = world_.Consume(request).decision;
  EXPECT_EQ(rotating.reason, Reason::kCallerNumber);
  EXPECT_EQ(world_.Show(rotating.next_allowed), "2026-03-09T09:00:00+01:00");
  world_.At("2026-03-09T09:00:00+01:00");
  EXPECT_EQ(world_.Consume(request).decision.verdict, Verdict::kAllowed);
}

TEST_F(LawTest, AMinorsGrantNeedsAGuardian) {
  Add(GuardianRule{});
  world_.Give(Calls());
  EXPECT_EQ(Consume().verdict, Verdict::kAllowed);
  world_.record.holder = HolderClass::kMinor;
  EXPECT_EQ(Consume().reason, Reason::kNoPermission);
  EXPECT_EQ(Consume().rule, "r0");
  Grant grant = Calls("g2");
  grant.guardian = true;
  world_.Give(grant);
  EXPECT_EQ(Consume().verdict, Verdict::kAllowed);
}

TEST_F(LawTest, AllZonesThatArePossibleMustAllow) {
  world_.Give(Calls());
  Add(Office());
  // 10:30 in Paris, 13:30 in Reunion; 19:00 in Paris, 22:00 in Reunion.
  const std::vector<absl::TimeZone> zones = {Zone("Europe/Paris"), Zone("Indian/Reunion")};
  const auto at = [&](std::string_view time) {
    Moment moment = world_.At(T(time));
    moment.zones = zones;
    return Check(world_.record, world_.Wish(), moment, NextAllowed::kForStrangersToo).decision;
  };
  EXPECT_EQ(at("2026-03-02T10:30:00+01:00").verdict, Verdict::kAllowed);
  const Decision late = at("2026-03-02T19:00:00+01:00");
  EXPECT_EQ(late.reason, Reason::kOutsideHours);
  EXPECT_EQ(world_.Show(late.next_allowed), "2026-03-03T10:00:00+01:00");
}

}  // namespace
}  // namespace consent::core
