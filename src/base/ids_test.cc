// SPDX-License-Identifier: Apache-2.0

#include "src/base/ids.h"

#include <string>
#include <type_traits>

#include "absl/container/flat_hash_set.h"
#include "gtest/gtest.h"

namespace consent {
namespace {

TEST(IdsTest, FixedBytesTakeExactlyTheirLength) {
  EXPECT_FALSE(Handle::FromBytes("").has_value());
  EXPECT_FALSE(Handle::FromBytes(std::string(15, 'a')).has_value());
  EXPECT_FALSE(Handle::FromBytes(std::string(17, 'a')).has_value());
  const auto handle = Handle::FromBytes(std::string(16, '\xff'));
  ASSERT_TRUE(handle.has_value());
  EXPECT_EQ(handle->str(), std::string(16, '\xff'));
}

TEST(IdsTest, KindsOfBytesDoNotMix) {
  EXPECT_FALSE((std::is_convertible_v<ConsumerId, Handle>));
  EXPECT_FALSE((std::is_convertible_v<ContactId, Digest>));
  EXPECT_FALSE((std::is_convertible_v<LeafIndex, TreeSize>));
}

TEST(IdsTest, OrderIsThatOfTheBytes) {
  Handle low;
  Handle high;
  low.bytes[15] = 0xff;
  high.bytes[0] = 0x80;
  EXPECT_LT(low, high);
  EXPECT_LT(low.view(), high.view());
}

TEST(IdsTest, EqualIdsHashAlike) {
  absl::flat_hash_set<ConsumerId> set;
  ConsumerId id;
  set.insert(id);
  EXPECT_TRUE(set.contains(id));
  id.bytes[3] = 1;
  EXPECT_FALSE(set.contains(id));
}

}  // namespace
}  // namespace consent
