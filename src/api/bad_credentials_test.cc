// SPDX-License-Identifier: Apache-2.0

#include "src/api/bad_credentials.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/fault.h"
#include "src/base/retry.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

class BadCredentialsTest : public testing::Test {
 protected:
  void Fail(const std::string& address, int64_t times = BadCredentials::kAtOnce) {
    for (int64_t i = 0; i < times; ++i) bad_.Failed(address);
  }

  ManualClock clock_{0};
  BadCredentials bad_{clock_};
};

TEST_F(BadCredentialsTest, AnAddressThatFailedTooOftenWaitsForItsTurn) {
  Fail("a", BadCredentials::kAtOnce - 1);
  EXPECT_OK(bad_.MayTry("a"));
  bad_.Failed("a");
  const absl::Status refused = bad_.MayTry("a");
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_BAD_CREDENTIALS");
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(RetryAfterOf(refused), absl::Seconds(1)) << "60 a minute";
  clock_.Advance(999);
  EXPECT_FALSE(bad_.MayTry("a").ok());
  clock_.Advance(1);
  EXPECT_OK(bad_.MayTry("a"));
  EXPECT_OK(bad_.MayTry("a")) << "trying takes nothing, only failing does";
  bad_.Failed("a");
  EXPECT_FALSE(bad_.MayTry("a").ok());
}

TEST_F(BadCredentialsTest, OtherAddressesAreNotConcerned) {
  Fail("a", 1000);
  EXPECT_OK(bad_.MayTry("b"));
  clock_.Advance(1000);
  EXPECT_OK(bad_.MayTry("a")) << "what failed past the limit is not owed";
}

TEST_F(BadCredentialsTest, RemembersSoManyAddressesAndNoMore) {
  const size_t addresses = 3 * BadCredentials::kAddressesMax;
  for (size_t i = 0; i < addresses; ++i) Fail(absl::StrCat(i));
  size_t limited = 0;
  for (size_t i = 0; i < addresses; ++i) limited += bad_.MayTry(absl::StrCat(i)).ok() ? 0 : 1;
  EXPECT_EQ(limited, BadCredentials::kAddressesMax);
}

}  // namespace
}  // namespace consent::api
