// SPDX-License-Identifier: Apache-2.0

#include "src/api/freshness.h"

#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

constexpr int64_t kStartMs = INT64_C(1'772'442'000'000);
constexpr int64_t kMinuteMs = 60'000;

StatementId Id(uint8_t number) {
  StatementId id;
  id.bytes.fill(number);
  return id;
}

class FreshnessTest : public ::testing::Test {
 protected:
  std::string Refusal(uint8_t id, int64_t signed_at_ms) {
    return ReasonOf(freshness_.Use(Id(id), signed_at_ms));
  }
  int64_t Now() const { return clock_.WallMillis(); }

  ManualClock clock_{kStartMs};
  Freshness freshness_{clock_};
};

TEST_F(FreshnessTest, RequestIsUsedOnce) {
  EXPECT_EQ(Refusal(1, Now()), "");
  EXPECT_EQ(Refusal(1, Now()), "REQUEST_NOT_FRESH");
  EXPECT_EQ(Refusal(2, Now()), "");
}

TEST_F(FreshnessTest, RequestAges) {
  clock_.Advance(10 * kMinuteMs);
  EXPECT_EQ(Refusal(1, Now() - 5 * kMinuteMs), "");
  EXPECT_EQ(Refusal(2, Now() - 5 * kMinuteMs - 1), "REQUEST_NOT_FRESH");
  EXPECT_EQ(Refusal(3, Now() + 5 * kMinuteMs), "");
  EXPECT_EQ(Refusal(4, Now() + 5 * kMinuteMs + 1), "REQUEST_NOT_FRESH");
}

TEST_F(FreshnessTest, NoMomentLetsARequestBeUsedTwice) {
  // Signed as far ahead as is believed: remembered for as long as it could come back.
  const int64_t signed_at_ms = Now() + 5 * kMinuteMs;
  EXPECT_EQ(Refusal(1, signed_at_ms), "");
  for (int64_t s = 0; s <= 11 * 60; ++s) {
    ASSERT_EQ(Refusal(1, signed_at_ms), "REQUEST_NOT_FRESH") << s;
    clock_.Advance(1000);
  }
}

TEST_F(FreshnessTest, WhatWasSignedBeforeTheStartMayHaveBeenUsed) {
  EXPECT_EQ(Refusal(1, kStartMs - 1), "REQUEST_NOT_FRESH");
  EXPECT_EQ(Refusal(1, kStartMs), "");
}

}  // namespace
}  // namespace consent::api
