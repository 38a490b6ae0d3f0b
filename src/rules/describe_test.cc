// SPDX-License-Identifier: Apache-2.0

#include "src/rules/describe.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "src/rules/pack.h"
#include "src/text/zone_name.h"

namespace consent::rules {
namespace {

Pack TestPack() {
  Pack pack;
  pack.regions = {"FR", "RE"};
  pack.time_zone = text::LoadZone("Europe/Paris").value_or(absl::UTCTimeZone());
  return pack;
}

core::Scope Everything() {
  core::Scope scope;
  scope.regions = TestPack().regions;
  return scope;
}

std::string Body(decltype(core::Rule::body) body) {
  core::Rule rule;
  rule.body = std::move(body);
  return DescribeBody(rule);
}

TEST(DescribeScopeTest, WhatIsNotNarrowedIsNotSaid) {
  EXPECT_EQ(DescribeScope(TestPack(), Everything()), "any contact");
}

TEST(DescribeScopeTest, SaysChannelsPurposesMattersAndRegions) {
  core::Scope scope = Everything();
  scope.channels = {};
  scope.channels.Add(core::Channel::kCall);
  scope.channels.Add(core::Channel::kSms);
  scope.purposes = {};
  scope.purposes.Add(core::Purpose::kPress);
  scope.matters.Add(core::Matter::kHomeRenovation);
  scope.regions = {"RE"};
  EXPECT_EQ(DescribeScope(TestPack(), scope), "CALL, SMS; PRESS; HOME_RENOVATION; in RE");
}

TEST(DescribeScopeTest, SaysBasesTheShorterWay) {
  core::Scope scope = Everything();
  scope.bases = {};
  scope.bases.Add(core::Basis::kContract);
  EXPECT_EQ(DescribeScope(TestPack(), scope), "basis CONTRACT");
  scope.bases.bits = static_cast<uint16_t>(core::BasisSet::All().bits ^ scope.bases.bits);
  EXPECT_EQ(DescribeScope(TestPack(), scope), "all bases but CONTRACT");
}

TEST(DescribeScopeTest, SaysDatesOnThePacksCalendar) {
  core::Scope scope = Everything();
  scope.from = Instant{1786399200};   // 2026-08-10T22:00:00Z, midnight in Paris.
  scope.until = Instant{1798758000};  // 2026-12-31T23:00:00Z, midnight in Paris.
  EXPECT_EQ(DescribeScope(TestPack(), scope), "from 2026-08-11; until 2027-01-01");
}

TEST(DescribeBodyTest, SaysEachKindInItsOwnWords) {
  EXPECT_EQ(Body(core::ConsentRule{}), "needs consent");
  EXPECT_EQ(Body(core::Prohibition{}), "prohibited");
  EXPECT_EQ(Body(core::SilenceRule{60}), "60 full days after a refusal");
  EXPECT_EQ(Body(core::GuardianRule{core::HolderClass::kMinor}), "a guardian's word for MINOR");
  core::AttemptsRule attempts;
  attempts.limit.max = 4;
  attempts.limit.window = {core::Period::kDay, core::Alignment::kRolling, 30};
  EXPECT_EQ(Body(attempts), "at most 4 attempts, ROLLING 30 DAY");
}

TEST(DescribeBodyTest, SaysWhatAnExemptionStandsOnAndLifts) {
  core::Exemption exemption;
  exemption.basis = core::Basis::kExempt;
  EXPECT_EQ(Body(exemption), "EXEMPT; lifts nothing");
  exemption.basis = core::Basis::kService;
  exemption.lifts = {"xx.a", "xx.b"};
  exemption.relations = {{core::Relation::kContract, std::nullopt},
                         {core::Relation::kInquiry, core::Window{core::Period::kMonth, {}, 6}}};
  EXPECT_EQ(Body(exemption), "SERVICE: CONTRACT, INQUIRY for 6 MONTH; lifts xx.a, xx.b");
  core::Exemption callback;
  callback.basis = core::Basis::kCallback;
  callback.max_attempts = 3;
  EXPECT_EQ(Body(callback), "CALLBACK; at most 3 attempts; lifts nothing");
}

TEST(DescribeBodyTest, SaysHoursAndHolidays) {
  core::HoursRule hours;
  hours.spans = {{0b0011111, 600, 780}, {0b1000001, 0, 1440}, {0b0000011, 480, 485}};
  EXPECT_EQ(Body(hours), "MON-FRI 10:00-13:00, MON SUN 00:00-24:00, MON TUE 08:00-08:05");
  hours.spans.resize(1);
  hours.holidays = {{7, 14, 0, {}}, {0, 0, 39, {}}, {0, 0, -2, {"A", "B"}}};
  hours.consent_lifts = true;
  EXPECT_EQ(Body(hours),
            "MON-FRI 10:00-13:00; not on 07-14, Easter+39, Easter-2 (A B); a grant may name other "
            "hours");
}

TEST(DescribeBodyTest, SaysAllPartsOfCallerAndListRules) {
  EXPECT_EQ(
      Body(core::CallerRule{true, "+33", {"+33162", "+33163"}, 5, 7}),
      "a number must be shown; numbers of +33 begin with +33162, +33163; at most 5 new numbers "
      "in 7 days");
  EXPECT_EQ(Body(core::CallerRule{true, "", {}, 0, 0}), "a number must be shown");
  EXPECT_EQ(Body(core::ListRule{"l", std::nullopt, 0, 0}), "list l");
  EXPECT_EQ(Body(core::ListRule{"l", core::Window{core::Period::kYear, {}, 3}, 28, 31}),
            "list l; binds after 28 days; lasts 3 YEAR; stale after 31 days");
}

}  // namespace
}  // namespace consent::rules
