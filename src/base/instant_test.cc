// SPDX-License-Identifier: Apache-2.0

#include "src/base/instant.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace consent {
namespace {

TEST(InstantTest, PartsOfASecondRoundTowardsThePast) {
  EXPECT_EQ(FromAbslTime(absl::FromUnixMillis(1999)), Instant{1});
  EXPECT_EQ(FromAbslTime(absl::FromUnixMillis(-1)), Instant{-1});
}

TEST(InstantTest, WholeSecondsPassThroughAbslUnchanged) {
  for (const int64_t s : {INT64_C(0), INT64_C(-62135596800), INT64_C(253402300799)}) {
    EXPECT_EQ(FromAbslTime(ToAbslTime(Instant{s})), Instant{s});
  }
}

TEST(InstantTest, NeverIsTheFirstSecondOfTheYearTenThousand) {
  const auto zone = absl::UTCTimeZone();
  EXPECT_EQ(ToAbslTime(kNever), absl::FromCivil(absl::CivilSecond(10000, 1, 1), zone));
}

TEST(InstantTest, LengthsAddAndSubtract) {
  EXPECT_EQ(Instant{10} + Seconds{5}, Instant{15});
  EXPECT_EQ(Instant{10} - Seconds{15}, Instant{-5});
  EXPECT_EQ(Instant{10} - Instant{4}, Seconds{6});
}

}  // namespace
}  // namespace consent
