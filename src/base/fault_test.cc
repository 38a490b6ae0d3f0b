// SPDX-License-Identifier: Apache-2.0

#include "src/base/fault.h"

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent {
namespace {

TEST(FaultTest, CarriesItsReasonToWhereItIsAnswered) {
  const absl::Status status =
      Fault(absl::StatusCode::kPermissionDenied, "BAD_SIGNATURE", "the signature does not verify");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(ReasonOf(status), "BAD_SIGNATURE");
  EXPECT_EQ(FieldOf(status), "");
}

TEST(FaultTest, KeepsTheFirstReason) {
  const absl::Status status = WithReason(InvalidField("limits[2].max", "expected 1"), "OTHER");
  EXPECT_EQ(ReasonOf(status), "INVALID_FIELD");
  EXPECT_EQ(FieldOf(status), "limits[2].max");
}

TEST(FaultTest, GivesSuccessNoReason) {
  EXPECT_OK(WithReason(absl::OkStatus(), "OVERLOADED"));
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
}

}  // namespace
}  // namespace consent
