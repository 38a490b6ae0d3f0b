// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/limit_spec.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(LimitSpecTest, OneCallACalendarYear) {
  ASSERT_OK_AND_ASSIGN(const v1::Limit limit, ParseLimitSpec("calls:CALL:1/YEAR:CALENDAR"));
  EXPECT_EQ(limit.limit_id(), "calls");
  EXPECT_THAT(limit.channels(), ElementsAre(v1::CHANNEL_CALL));
  EXPECT_EQ(limit.max(), 1);
  EXPECT_EQ(limit.max_attempts(), 0);
  EXPECT_EQ(limit.window().period(), v1::PERIOD_YEAR);
  EXPECT_EQ(limit.window().count(), 1);
  EXPECT_EQ(limit.window().alignment(), v1::ALIGNMENT_CALENDAR);
}

TEST(LimitSpecTest, SeveralChannelsAndPeriodsWithAttempts) {
  ASSERT_OK_AND_ASSIGN(const v1::Limit limit,
                       ParseLimitSpec("all:CALL+SMS+EMAIL:5/3MONTH:ROLLING:attempts=9"));
  EXPECT_THAT(limit.channels(), ElementsAre(v1::CHANNEL_CALL, v1::CHANNEL_SMS, v1::CHANNEL_EMAIL));
  EXPECT_EQ(limit.max(), 5);
  EXPECT_EQ(limit.max_attempts(), 9);
  EXPECT_EQ(limit.window().period(), v1::PERIOD_MONTH);
  EXPECT_EQ(limit.window().count(), 3);
  EXPECT_EQ(limit.window().alignment(), v1::ALIGNMENT_ROLLING);
}

TEST(LimitSpecTest, TheCalendarIsTheDefaultAndLifetimeHasNone) {
  ASSERT_OK_AND_ASSIGN(const v1::Limit sms, ParseLimitSpec("sms:SMS:4/YEAR"));
  EXPECT_EQ(sms.window().alignment(), v1::ALIGNMENT_CALENDAR);
  ASSERT_OK_AND_ASSIGN(const v1::Limit once, ParseLimitSpec("once:CALL:1/LIFETIME"));
  EXPECT_EQ(once.window().alignment(), v1::ALIGNMENT_UNSPECIFIED);
  EXPECT_EQ(once.window().period(), v1::PERIOD_LIFETIME);
}

TEST(LimitSpecTest, WithoutAnIdTheChannelsAreIt) {
  ASSERT_OK_AND_ASSIGN(const v1::Limit one, ParseLimitSpec("call+sms:2/week:grant"));
  EXPECT_EQ(one.limit_id(), "call+sms");
  EXPECT_EQ(one.window().alignment(), v1::ALIGNMENT_GRANT);
  ASSERT_OK_AND_ASSIGN(const v1::Limit all, ParseLimitSpec("*:2/WEEK"));
  EXPECT_EQ(all.limit_id(), "all");
  EXPECT_EQ(all.channels_size(), 7);
}

TEST(LimitSpecTest, DefaultIdsAreMadeDistinct) {
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::Limit> limits,
                       ParseLimitSpecs({"CALL:1/DAY", "CALL:5/YEAR", "CALL:9/LIFETIME"}));
  EXPECT_EQ(limits[0].limit_id(), "call");
  EXPECT_EQ(limits[1].limit_id(), "call-2");
  EXPECT_EQ(limits[2].limit_id(), "call-3");
}

TEST(LimitSpecTest, AnIdGivenTwiceIsRefused) {
  EXPECT_THAT(ParseLimitSpecs({"a:CALL:1/DAY", "a:SMS:1/DAY"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("same id")));
}

TEST(LimitSpecTest, WhatIsWrongIsNamed) {
  const auto refused = [](const std::string& spec, const std::string& why) {
    EXPECT_THAT(ParseLimitSpec(spec), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(why)))
        << spec;
  };
  refused("", "MAX/PERIOD");
  refused("CALL", "MAX/PERIOD");
  refused("a:b:CALL:1/YEAR", "MAX/PERIOD");
  refused("x:FAX:1/YEAR", "expected a channel");
  refused("x::1/YEAR", "expected a channel");
  refused("x:CALL+:1/YEAR", "expected a channel");
  refused(":CALL:1/YEAR", "id of 1 to 64");
  refused("a/b:CALL:1/YEAR", "id of 1 to 64");
  refused("a b:CALL:1/YEAR", "id of 1 to 64");
  refused(std::string(65, 'a') + ":CALL:1/YEAR", "id of 1 to 64");
  refused("CALL:0/YEAR", "maximum from 1 to 1000000");
  refused("CALL:-1/YEAR", "maximum from 1 to 1000000");
  refused("CALL:1000001/YEAR", "maximum from 1 to 1000000");
  refused("CALL:99999999999999999999/YEAR", "maximum from 1 to 1000000");
  refused("CALL:/YEAR", "maximum from 1 to 1000000");
  refused("CALL:1/CENTURY", "expected a period");
  refused("CALL:1/", "expected a period");
  refused("CALL:1/3", "expected a period");
  refused("CALL:1/UNSPECIFIED", "expected a period");
  refused("CALL:1/0YEAR", "1 to 10000 periods");
  refused("CALL:1/10001YEAR", "1 to 10000 periods");
  refused("CALL:1/2LIFETIME", "one LIFETIME");
  refused("CALL:1/LIFETIME:CALENDAR", "no alignment");
  refused("CALL:1/YEAR:SOMETIMES", "expected CALENDAR");
  refused("CALL:1/YEAR:", "expected CALENDAR");
  refused("CALL:1/YEAR:ROLLING:GRANT", "given twice");
  refused("CALL:3/YEAR:attempts=2", "attempts=");
  refused("CALL:1/YEAR:attempts=", "attempts=");
  refused("CALL:1/YEAR:attempts=2:attempts=3", "given twice");
  refused("CALL:1/YEAR" + std::string(600, ':'), "too long");
}

TEST(LimitSpecTest, ErrorsDoNotQuoteWhatWasTyped) {
  EXPECT_THAT(ParseLimitSpec("+33639980001").status().ToString(), Not(HasSubstr("33639980001")));
}

TEST(LimitSpecTest, WhatIsWrittenOutReadsBackTheSame) {
  for (const char* spec :
       {"calls:CALL:1/YEAR:CALENDAR", "once:CALL:1/LIFETIME",
        "all:CALL+SMS+EMAIL:5/3MONTH:ROLLING:attempts=9", "x:POST:1000000/10000WEEK:GRANT"}) {
    ASSERT_OK_AND_ASSIGN(const v1::Limit limit, ParseLimitSpec(spec));
    EXPECT_EQ(ToLimitSpec(limit), spec);
  }
}

}  // namespace
}  // namespace consent::ctl
