// SPDX-License-Identifier: Apache-2.0

#include "src/consent/delegation.h"

#include <gtest/gtest.h>

#include <string>

namespace consent::core {
namespace {

constexpr Instant kNow{1'000'000};

Instant In(int64_t seconds) { return kNow + Seconds{seconds}; }

Delegation Link(std::string by, std::string processor, Instant from, Instant until = kNever) {
  return {"acme", std::move(processor), std::move(by), from, until};
}

TEST(DelegationTest, NobodyActsWithoutOne) {
  EXPECT_FALSE(FindDelegation({}, "acme", "callco", kNow).has_value());
  EXPECT_FALSE(FindDelegation({Link("", "callco", kNow)}, "other", "callco", kNow).has_value());
  EXPECT_FALSE(FindDelegation({Link("", "callco", kNow)}, "acme", "other", kNow).has_value());
}

TEST(DelegationTest, AChainIsInForceWhileEachOfItsLinksIs) {
  const std::vector<Delegation> links = {Link("", "callco", In(-100), In(50)),
                                         Link("callco", "sub", In(-50), In(100))};
  const auto found = FindDelegation(links, "acme", "sub", kNow);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->from, In(-50));
  EXPECT_EQ(found->until, In(50));
  EXPECT_FALSE(FindDelegation(links, "acme", "sub", In(50)).has_value());
}

TEST(DelegationTest, AChainThatDoesNotReachTheCompanyIsNone) {
  EXPECT_FALSE(FindDelegation({Link("callco", "sub", kNow)}, "acme", "sub", kNow).has_value());
}

TEST(DelegationTest, AChainHasAGreatestDepth) {
  std::vector<Delegation> links = {Link("", "p1", kNow)};
  for (int i = 2; i <= kDelegationDepthMax + 1; ++i) {
    links.push_back(Link("p" + std::to_string(i - 1), "p" + std::to_string(i), kNow));
  }
  const auto at = [&](int depth) {
    return FindDelegation(links, "acme", "p" + std::to_string(depth), kNow);
  };
  EXPECT_TRUE(at(kDelegationDepthMax).has_value());
  EXPECT_FALSE(at(kDelegationDepthMax + 1).has_value());
}

TEST(DelegationTest, ACircleEnds) {
  const std::vector<Delegation> links = {Link("b", "a", kNow), Link("a", "b", kNow)};
  EXPECT_FALSE(FindDelegation(links, "acme", "a", kNow).has_value());
}

TEST(DelegationTest, OfSeveralTheOneThatLastsLongestStands) {
  const std::vector<Delegation> links = {Link("", "callco", kNow, In(10)),
                                         Link("", "callco", kNow, In(90)),
                                         Link("", "callco", In(5), kNever)};
  EXPECT_EQ(FindDelegation(links, "acme", "callco", kNow)->until, In(90));
}

}  // namespace
}  // namespace consent::core
