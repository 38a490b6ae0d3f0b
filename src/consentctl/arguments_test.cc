// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/arguments.h"

#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"

namespace consent::ctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(DurationTest, CountsSecondsMinutesAndHours) {
  EXPECT_THAT(ParseDuration("90s", "--ttl"), IsOkAndHolds(Seconds{90}));
  EXPECT_THAT(ParseDuration("5m", "--ttl"), IsOkAndHolds(Seconds{300}));
  EXPECT_THAT(ParseDuration("24h", "--ttl"), IsOkAndHolds(Seconds{86400}));
}

TEST(DurationTest, StaysBetweenOneSecondAndOneDay) {
  for (const char* text : {"", "s", "0s", "-1s", "+1s", "25h", "86401s", "1441m", "1", "1d", "1.5s",
                           " 1s", "1s ", "99999999999999999999s", "1S"}) {
    EXPECT_THAT(ParseDuration(text, "--ttl"), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(TimeTest, IsReadWithItsOffset) {
  ASSERT_OK_AND_ASSIGN(const auto time, ParseTime("2026-03-01T09:00:00+01:00", "--from"));
  EXPECT_EQ(time.seconds(), 1772352000);
  EXPECT_EQ(time.nanos(), 0);
  ASSERT_OK_AND_ASSIGN(const auto utc, ParseTime("2026-03-01T08:00:00Z", "--from"));
  EXPECT_EQ(utc.seconds(), time.seconds());
}

TEST(TimeTest, NeedsAnOffsetAndWholeSeconds) {
  for (const char* text :
       {"", "2026-03-01", "2026-03-01T09:00:00", "2026-03-01T09:00:00.5Z", "2026-02-30T09:00:00Z",
        "infinite-future", "2026-03-01 09:00:00Z", " 2026-03-01T09:00:00Z", "now"}) {
    EXPECT_THAT(ParseTime(text, "--from"), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(WordsTest, MayBeWrittenInSmallLetters) {
  EXPECT_THAT(ParseChannelName("call", "--channel"), IsOkAndHolds(v1::CHANNEL_CALL));
  EXPECT_THAT(ParsePurposeName("Direct_Marketing", "--purpose"),
              IsOkAndHolds(v1::PURPOSE_DIRECT_MARKETING));
  EXPECT_THAT(ParseOutcomeName("NO_ANSWER", "--outcome"), IsOkAndHolds(v1::OUTCOME_NO_ANSWER));
}

TEST(WordsTest, UnknownOnesAreRefused) {
  EXPECT_THAT(ParseChannelName("FAX", "--channel"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseChannelName("", "--channel"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseChannelName("UNSPECIFIED", "--channel"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(WordsTest, EveryWordOfTheWireHasItsName) {
  EXPECT_EQ(NameOf(v1::CHANNEL_VOICE_PRERECORDED), "VOICE_PRERECORDED");
  EXPECT_EQ(NameOf(v1::REASON_LIMIT_REACHED), "LIMIT_REACHED");
  EXPECT_EQ(NameOf(v1::VERDICT_DENIED), "DENIED");
  EXPECT_EQ(NameOf(v1::SIGNER_ROLE_COMPANY), "COMPANY");
  EXPECT_EQ(NameOf(static_cast<v1::Reason>(99)), "99");
}

TEST(WordsTest, ChannelsAreJoinedByCommaOrPlus) {
  EXPECT_THAT(ParseChannelNames("CALL,sms", "--channels"),
              IsOkAndHolds(ElementsAre(v1::CHANNEL_CALL, v1::CHANNEL_SMS)));
  EXPECT_THAT(ParseChannelNames("CALL+SMS", "--channels"),
              IsOkAndHolds(ElementsAre(v1::CHANNEL_CALL, v1::CHANNEL_SMS)));
  EXPECT_THAT(ParseChannelNames("CALL,,SMS", "--channels"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(HoursTest, NameDaysAndASpan) {
  ASSERT_OK_AND_ASSIGN(const v1::Hours hours, ParseHours("MON-WED,SUN 10:00-13:30", "--hours"));
  EXPECT_THAT(hours.days(), ElementsAre(1, 2, 3, 7));
  EXPECT_EQ(hours.from_minute(), 600);
  EXPECT_EQ(hours.to_minute(), 810);
}

TEST(HoursTest, DaysMayWrapAndSpansReachMidnight) {
  ASSERT_OK_AND_ASSIGN(const v1::Hours hours, ParseHours("sat-mon 00:00-24:00", "--hours"));
  EXPECT_THAT(hours.days(), ElementsAre(6, 7, 1));
  EXPECT_EQ(hours.to_minute(), 1440);
}

TEST(HoursTest, WhatIsNoSpanIsRefused) {
  for (const char* text :
       {"", "MON", "MON-FRI", "10:00-13:00", "MON 10:00", "MON 13:00-10:00", "MON 10:00-10:00",
        "MON 24:00-24:00", "MON 23:00-24:01", "MON 10:60-11:00", "MON 1:00-2:00", "XXX 10:00-11:00",
        "MON-TUE-WED 10:00-11:00", "MON,, 10:00-11:00", "MON  10:00-11:00", "MON 10:00-11:00 ",
        "MON 22:00-02:00", "MON 1a:00-12:00"}) {
    EXPECT_THAT(ParseHours(text, "--hours"), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(KeyIdTest, IsSixteenBytesInHexadecimal) {
  EXPECT_THAT(ParseKeyId("000102030405060708090a0b0c0d0e0f", "KEYID"),
              IsOkAndHolds(std::string("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16)));
  EXPECT_THAT(ParseKeyId("00", "KEYID"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseKeyId(std::string(32, 'x'), "KEYID"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ErrorTest, NeverQuoteWhatWasTyped) {
  const std::string typed = "+33639980001";
  for (const absl::Status& status :
       {ParseDuration(typed, "--ttl").status(), ParseTime(typed, "--from").status(),
        ParseChannelName(typed, "--channel").status(), ParseHours(typed, "--hours").status(),
        ParseKeyId(typed, "KEYID").status()}) {
    EXPECT_THAT(status.ToString(), Not(HasSubstr(typed)));
    EXPECT_EQ(ReasonOf(status), "BAD_INPUT");
  }
}

TEST(ContactFileTest, HoldsTheFirstColumnOfEachLine) {
  const std::string path = ::testing::TempDir() + "/contacts.csv";
  std::ofstream(path) << "\xEF\xBB\xBF+33639980001,Alice\r\n"
                      << "\n# a comment\n"
                      << "  \"+33639980002\" ;Bob\n+33639980003";
  EXPECT_THAT(ReadContactFile(path),
              IsOkAndHolds(ElementsAre("+33639980001", "+33639980002", "+33639980003")));
  ASSERT_OK_AND_ASSIGN(const std::vector<ContactLine> lines, ReadContactLines(path));
  EXPECT_EQ(lines.at(1).line, 4u) << "what is passed over is counted";
  EXPECT_THAT(
      ReadContacts({"+33639980009", "@" + path}),
      IsOkAndHolds(ElementsAre("+33639980009", "+33639980001", "+33639980002", "+33639980003")));
}

TEST(ContactFileTest, MustBeThereAndHoldSomething) {
  EXPECT_THAT(ReadContacts({"@/nowhere/contacts"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("/nowhere/contacts")));
  const std::string path = ::testing::TempDir() + "/empty.csv";
  std::ofstream(path) << "\n";
  EXPECT_THAT(ReadContacts({"@" + path}), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace consent::ctl
