// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/output.h"

#include <sstream>

#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "src/consentctl/campaign.h"
#include "src/consentctl/failure.h"

namespace consent::ctl {
namespace {

TEST(TableTest, AlignsColumnsByCharactersNotBytes) {
  Table table({"NAME", "N"});
  table.Add({"é", "1"});
  table.Add({"abcdef", "22"});
  std::ostringstream out;
  table.Write(out);
  EXPECT_EQ(out.str(), "NAME    N\né       1\nabcdef  22\n");
}

TEST(TableTest, NoTextDrivesTheTerminal) {
  Table table;
  table.Add({"\x1b[2Jgone\n", "x"});
  std::ostringstream out;
  table.Write(out);
  EXPECT_EQ(out.str(), "?[2Jgone?  x\n");
}

TEST(NumberTest, IsGroupedByThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
}

TEST(JsonTest, TimesAreInUtcAndBytesAreAlwaysText) {
  google::protobuf::Timestamp time;
  EXPECT_TRUE(UtcTime(time).is_null());
  time.set_seconds(1772355600);
  EXPECT_EQ(UtcTime(time), "2026-03-01T09:00:00Z");
  EXPECT_EQ(Dump({{"name", "\xFF"}}), "{\"name\":\"\xEF\xBF\xBD\"}");
}

TEST(FailureTest, ReasonsOfTheLedgerReachPeopleAndPrograms) {
  google::rpc::Status wire;
  wire.set_code(5);
  wire.set_message("no such company");
  google::rpc::ErrorInfo info;
  info.set_reason("UNKNOWN_COMPANY");
  wire.add_details()->PackFrom(info);
  const absl::Status status = FromRpc(wire);
  EXPECT_EQ(ForPeople(status), "no such company [UNKNOWN_COMPANY]");
  EXPECT_EQ(
      ForPrograms(status),
      R"({"error":{"code":"NOT_FOUND","reason":"UNKNOWN_COMPANY","message":"no such company"}})");
  EXPECT_EQ(ExitCodeOf(status), kExitFailed);
}

TEST(FailureTest, ExitCodesTellBadInputFromAllElse) {
  EXPECT_EQ(ExitCodeOf(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCodeOf(BadInput("--ttl: expected a duration")), 2);
  EXPECT_EQ(ExitCodeOf(AsBadInput(absl::NotFoundError("x.pem"))), 2);
  EXPECT_EQ(ExitCodeOf(absl::UnavailableError("x")), 1);
}

TEST(FailureTest, NoAnswerNamesTheServerAndWhatToDo) {
  const absl::Status status =
      FromRpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connect failed"), "127.0.0.1:1");
  EXPECT_NE(ForPeople(status).find("127.0.0.1:1"), std::string::npos);
  EXPECT_NE(ForPeople(status).find("start consentd"), std::string::npos);
  EXPECT_TRUE(MayRetry(status));
}

TEST(FailureTest, WhoeverIsToldToWaitWaitsUpToAMinute) {
  const auto told = [](int64_t seconds) {
    google::rpc::Status status;
    status.set_code(8);
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(seconds);
    retry.mutable_retry_delay()->set_nanos(500'000'000);
    status.add_details()->PackFrom(retry);
    google::rpc::ErrorInfo info;
    info.set_reason("RATE_LIMITED");
    status.add_details()->PackFrom(info);
    return FromRpc(status);
  };
  EXPECT_NE(ForPeople(told(1)).find("RATE_LIMITED"), std::string::npos);
  EXPECT_TRUE(IsToldToWait(told(1)));
  EXPECT_EQ(PauseAfter(told(1), absl::Seconds(1)), absl::Milliseconds(1500));
  EXPECT_EQ(PauseAfter(told(1), absl::Seconds(2)), absl::Seconds(2));
  EXPECT_FALSE(IsToldToWait(told(60)));
  EXPECT_EQ(PauseAfter(told(60), absl::Seconds(1)), absl::Seconds(1));
  EXPECT_FALSE(IsToldToWait(absl::UnavailableError("x")));
}

TEST(RequestIdTest, FollowsFromPrefixAndLine) {
  EXPECT_EQ(RequestIdOf("north", 0), "north-1");
  EXPECT_EQ(RequestIdOf("north", 49999), "north-50000");
}

}  // namespace
}  // namespace consent::ctl
