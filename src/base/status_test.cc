// SPDX-License-Identifier: Apache-2.0

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_macros.h"
#include "src/base/status_matchers.h"

namespace consent {
namespace {

using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::Not;

absl::StatusOr<int> Half(int n) {
  if (n % 2 != 0) return absl::InvalidArgumentError("odd");
  return n / 2;
}

absl::StatusOr<int> Quarter(int n) {
  ASSIGN_OR_RETURN(const int half, Half(n));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

absl::Status IsQuarterable(int n, bool& reached_end) {
  RETURN_IF_ERROR(Quarter(n).status());
  reached_end = true;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<int>> Owned(int n) {
  ASSIGN_OR_RETURN(const int half, Half(n));
  return std::make_unique<int>(half);
}

absl::StatusOr<int> MovedOut(int n) {
  ASSIGN_OR_RETURN(std::unique_ptr<int> owned, Owned(n));
  return *owned;
}

TEST(StatusMacrosTest, TheFirstErrorReturns) {
  EXPECT_THAT(Quarter(8), IsOkAndHolds(2));
  EXPECT_THAT(Quarter(6), StatusIs(absl::StatusCode::kInvalidArgument));
  bool reached_end = false;
  EXPECT_THAT(IsQuarterable(6, reached_end), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_FALSE(reached_end);
  EXPECT_OK(IsQuarterable(8, reached_end));
  EXPECT_TRUE(reached_end);
}

TEST(StatusMacrosTest, ValuesThatOnlyMoveAreMoved) { EXPECT_THAT(MovedOut(6), IsOkAndHolds(3)); }

TEST(StatusMatchersTest, TellCodesMessagesAndValuesApart) {
  const absl::Status error = absl::NotFoundError("no such shard");
  EXPECT_THAT(error, Not(IsOk()));
  EXPECT_THAT(error, StatusIs(absl::StatusCode::kNotFound, HasSubstr("shard")));
  EXPECT_THAT(error, Not(StatusIs(absl::StatusCode::kNotFound, HasSubstr("leaf"))));
  EXPECT_THAT(error, Not(StatusIs(absl::StatusCode::kInternal)));
  EXPECT_THAT(error, Not(StatusIs(absl::StatusCode::kInternal, HasSubstr("shard"))));
  EXPECT_THAT(Half(4), IsOkAndHolds(Gt(1)));
  EXPECT_THAT(Half(4), Not(IsOkAndHolds(3)));
  EXPECT_THAT(Half(3), Not(IsOkAndHolds(1)));
  ASSERT_OK_AND_ASSIGN(const int two, Half(4));
  EXPECT_EQ(two, 2);
}

}  // namespace
}  // namespace consent
