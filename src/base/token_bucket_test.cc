// SPDX-License-Identifier: Apache-2.0

#include "src/base/token_bucket.h"

#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/retry.h"

namespace consent {
namespace {

TEST(TokenBucketTest, GivesItsBurstAtOnceAndThenItsRate) {
  TokenBucket bucket({.tokens = 10}, /*capacity=*/5, 0);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(bucket.Take(1, 0), absl::ZeroDuration()) << i;
  EXPECT_EQ(bucket.Take(1, 0), absl::Milliseconds(100));
  EXPECT_EQ(bucket.Take(1, 99), absl::Milliseconds(1));
  EXPECT_EQ(bucket.Take(1, 100), absl::ZeroDuration());
}

TEST(TokenBucketTest, TheWaitItSaysIsLongEnoughAndNotTooLong) {
  TokenBucket bucket({.tokens = 3}, 7, 0);
  EXPECT_EQ(bucket.Take(6, 0), absl::ZeroDuration());
  const int64_t wait = absl::ToInt64Milliseconds(bucket.Take(4, 0));
  EXPECT_EQ(wait, 1000);
  EXPECT_NE(bucket.Take(4, wait - 1), absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(4, wait), absl::ZeroDuration());
}

TEST(TokenBucketTest, WhatIsRefusedTakesNothing) {
  TokenBucket bucket({.tokens = 1}, 5, 0);
  EXPECT_EQ(bucket.Take(4, 0), absl::ZeroDuration());
  EXPECT_NE(bucket.Take(2, 0), absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(1, 0), absl::ZeroDuration());
}

TEST(TokenBucketTest, MoreThanItHoldsIsOwed) {
  TokenBucket bucket({.tokens = 10}, 5, 0);
  EXPECT_EQ(bucket.Take(25, 0), absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(1, 0), absl::Milliseconds(2100));
}

TEST(TokenBucketTest, NeverHoldsMoreThanItsCapacity) {
  TokenBucket bucket({.tokens = 10}, 5, 0);
  bucket.Give(100);
  EXPECT_EQ(bucket.LevelAt(1'000'000), 5);
}

TEST(TokenBucketTest, TimeThatGoesBackStandsStill) {
  TokenBucket bucket({.tokens = 10}, 5, 1000);
  EXPECT_EQ(bucket.Take(5, 1000), absl::ZeroDuration());
  EXPECT_EQ(bucket.LevelAt(0), 0);
  EXPECT_EQ(bucket.LevelAt(1100), 1);
}

TEST(RetryTest, AStatusCarriesItsWaitRoundedUp) {
  const absl::Status refused = WithRetryAfter(
      Fault(absl::StatusCode::kResourceExhausted, "RATE_LIMITED", "later"), absl::Microseconds(1));
  EXPECT_EQ(RetryAfterOf(refused), absl::Milliseconds(1));
  EXPECT_EQ(ReasonOf(refused), "RATE_LIMITED");
  EXPECT_EQ(RetryAfterOf(absl::InternalError("none")), std::nullopt);
  EXPECT_EQ(WithRetryAfter(absl::OkStatus(), absl::Seconds(1)), absl::OkStatus());
}

}  // namespace
}  // namespace consent
