// SPDX-License-Identifier: Apache-2.0

#include "src/api/permit_id.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace consent::api {
namespace {

class PermitIdTest : public ::testing::Test {
 protected:
  static crypto::TokenKey Key(char byte, std::string_view purpose = "permit") {
    return {*crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, byte)), purpose};
  }
  static PermitName Name(uint64_t position = 41) {
    PermitName name{.shard = {1}, .permit = {}};
    name.permit.consumer.bytes.fill(7);
    name.permit.position = {position};
    return name;
  }
  const crypto::TokenKey key_ = Key('k');
};

TEST_F(PermitIdTest, FindsThePermitAgain) {
  const auto name = FromPermitId(key_, ToPermitId(key_, Name()));
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->shard, ShardId{1});
  EXPECT_EQ(name->permit.consumer, Name().permit.consumer);
  EXPECT_EQ(name->permit.position, LeafIndex{41});
}

TEST_F(PermitIdTest, IsTheSameEachTimeAndTellsNothing) {
  const std::string id = ToPermitId(key_, Name());
  EXPECT_EQ(id, ToPermitId(key_, Name()));
  EXPECT_NE(id, ToPermitId(key_, Name(42)));
  EXPECT_EQ(
      id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos)
      << "fit for URLs and logs";
  EXPECT_EQ(id.front(), 'p') << "and for command lines";
}

// Ids were read by sealing them again, which takes the newest key: those of before were nobody's.
TEST_F(PermitIdTest, AnIdIsReadThoughItsKeyWasReplaced) {
  std::vector<crypto::Secret> secrets;
  for (const char byte : {'n', 'k'}) {
    secrets.push_back(*crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, byte)));
  }
  const crypto::TokenKey replaced(secrets, "permit");
  const auto name = FromPermitId(replaced, ToPermitId(key_, Name()));
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(name->permit.position, LeafIndex{41});
  EXPECT_NE(ToPermitId(replaced, Name()), ToPermitId(key_, Name()));
}

TEST_F(PermitIdTest, NoOtherIdIsOne) {
  const std::string id = ToPermitId(key_, Name());
  // Of another length, so that the last character has bits to spare.
  const std::string spare = ToPermitId(key_, Name(1000));
  ASSERT_NE(spare.size() % 4, id.size() % 4);
  for (const std::string& original : {id, spare}) {
    for (char c = '0'; c <= 'z'; ++c) {
      std::string other = original;
      other.back() = c;
      if (other == original) continue;
      EXPECT_FALSE(FromPermitId(key_, other).has_value()) << other;
    }
    for (const char* after : {"=", "==", ".", " ", "\n"}) {
      EXPECT_FALSE(FromPermitId(key_, original + after).has_value());
    }
  }
  EXPECT_FALSE(FromPermitId(key_, "").has_value());
  EXPECT_FALSE(FromPermitId(key_, id.substr(1)).has_value());
  EXPECT_FALSE(FromPermitId(key_, id + "AAAA").has_value());
  EXPECT_FALSE(FromPermitId(key_, std::string(100'000, 'A')).has_value());
  EXPECT_FALSE(FromPermitId(Key('x'), id).has_value()) << "another ledger's";
  EXPECT_FALSE(FromPermitId(Key('k', "page"), id).has_value()) << "a token of another purpose";
  for (size_t i = 0; i < id.size(); ++i) {
    std::string changed = id;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    if (changed == id) continue;
    EXPECT_FALSE(FromPermitId(key_, changed).has_value()) << i;
  }
}

}  // namespace
}  // namespace consent::api
