// SPDX-License-Identifier: Apache-2.0

#include "tests/load/latencies.h"

#include "gtest/gtest.h"

namespace consent::load {
namespace {

TEST(LatenciesTest, OfAHundredTheNinetyNinthIsReachedByAllButOne) {
  Latencies latencies;
  for (int i = 100; i >= 1; --i) latencies.Add(absl::Microseconds(i));
  EXPECT_EQ(latencies.AtShare(0.5), absl::Microseconds(50));
  EXPECT_EQ(latencies.AtShare(0.99), absl::Microseconds(99));
  EXPECT_EQ(latencies.AtShare(0.999), absl::Microseconds(100));
  EXPECT_EQ(latencies.AtShare(1), absl::Microseconds(100));
}

TEST(LatenciesTest, NoneIsZeroAndOneIsEveryShare) {
  Latencies latencies;
  EXPECT_EQ(latencies.AtShare(0.5), absl::ZeroDuration());
  latencies.Add(absl::Microseconds(7));
  EXPECT_EQ(latencies.AtShare(0), absl::Microseconds(7));
  EXPECT_EQ(latencies.AtShare(1), absl::Microseconds(7));
}

TEST(LatenciesTest, MergedAreAllOfBoth) {
  Latencies one;
  Latencies other;
  one.Add(absl::Microseconds(1));
  other.Add(absl::Hours(2));
  one.Merge(other);
  EXPECT_EQ(one.count(), 2U);
  EXPECT_EQ(one.AtShare(1), absl::Hours(1));
}

}  // namespace
}  // namespace consent::load
