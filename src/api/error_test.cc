// SPDX-License-Identifier: Apache-2.0

#include "src/api/error.h"

#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/fault.h"

namespace consent::api {
namespace {

TEST(ErrorTest, OkStaysOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_EQ(ToRpcStatus(absl::OkStatus()).code(), 0);
}

TEST(ErrorTest, FaultCarriesItsReason) {
  const absl::Status fault = Fault(absl::StatusCode::kNotFound, "UNKNOWN_COMPANY", "no such");
  EXPECT_TRUE(FailsWith(ToGrpcStatus(fault), grpc::StatusCode::NOT_FOUND, "UNKNOWN_COMPANY"));
  EXPECT_TRUE(FailsWith(ToRpcStatus(fault), grpc::StatusCode::NOT_FOUND, "UNKNOWN_COMPANY"));
  EXPECT_FALSE(HasRetryInfo(ToRpcStatus(fault)));
}

TEST(ErrorTest, WrongFieldIsNamed) {
  EXPECT_TRUE(FailsWith(ToRpcStatus(InvalidField("limits[2].max", "expected 1")),
                        grpc::StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "limits[2].max"));
}

TEST(ErrorTest, WhereWaitingHelpsItIsSaid) {
  EXPECT_TRUE(HasRetryInfo(ToRpcStatus(TooManyReads())));
  EXPECT_TRUE(HasRetryInfo(
      ToRpcStatus(Fault(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", "again"))));
}

}  // namespace
}  // namespace consent::api
