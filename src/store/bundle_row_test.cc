// SPDX-License-Identifier: Apache-2.0

#include "src/store/bundle_row.h"

#include <rapidcheck/gtest.h>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/crc32c.h"

namespace consent::store {
namespace {

constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

TEST(Crc32cTest, AgreesWithTheVectorsOfRfc3720) {
  std::string ascending;
  for (char c = 0; c < 32; ++c) ascending.push_back(c);
  for (const auto crc : {Crc32c, Crc32cPortable}) {
    EXPECT_EQ(crc(0, std::string(32, '\0')), 0x8a9136aau);
    EXPECT_EQ(crc(0, std::string(32, '\xff')), 0x62a8ab43u);
    EXPECT_EQ(crc(0, ascending), 0x46dd794eu);
    EXPECT_EQ(crc(0, "123456789"), 0xe3069283u);
    EXPECT_EQ(crc(0, ""), 0u);
  }
}

RC_GTEST_PROP(Crc32cTest, IsTheSameByTableByInstructionAndInPieces,
              (const std::string& a, const std::string& b)) {
  RC_ASSERT(Crc32c(0, a + b) == Crc32cPortable(0, a + b));
  RC_ASSERT(Crc32c(0, a + b) == Crc32c(Crc32c(0, a), b));
}

TEST(BundleRowTest, KeysAreShardAndPositionBigEndian) {
  EXPECT_EQ(BundleKey({0x0102}, {0x030405060708090a}),
            absl::HexStringToBytes("0102030405060708090a"));
  EXPECT_EQ(BundleKeyFirst({0x0102}, absl::HexStringToBytes("0102030405060708090a")),
            LeafIndex{0x030405060708090a});
  EXPECT_EQ(BundleKeyFirst({1}, absl::HexStringToBytes("0102030405060708090a")), std::nullopt);
  EXPECT_EQ(BundleKeyFirst({1}, ShardPrefix({1})), std::nullopt);
}

TEST(BundleRowTest, BytesAreThoseOfTheFormat) {
  const std::string key = BundleKey({1}, {0});
  // Version, kind, count, two lengths, two items; then the checksum.
  EXPECT_EQ(
      absl::BytesToHexString(EncodeBundleRow(RowKind::kEntries, key, {"ab", ""})).substr(0, 14),
      "01450202006162");
  EXPECT_EQ(absl::BytesToHexString(EncodeHeadRow(key, {{300}, "z"})).substr(0, 10), "0148ac027a");
}

RC_GTEST_PROP(BundleRowTest, ItemsComeBackAsTheyWere,
              (const std::vector<std::string>& items, uint16_t shard, uint64_t first)) {
  RC_PRE(!items.empty());
  const std::string key = BundleKey({shard}, {first});
  const auto decoded =
      DecodeBundleRow(RowKind::kOpenings, key, EncodeBundleRow(RowKind::kOpenings, key, items));
  RC_ASSERT(decoded.ok() && *decoded == items);
}

RC_GTEST_PROP(BundleRowTest, HeadsComeBackAsTheyWere, (const std::string& state, uint64_t size)) {
  const Head head{{size}, state};
  const auto decoded = DecodeHeadRow("key", EncodeHeadRow("key", head));
  RC_ASSERT(decoded.ok() && *decoded == head);
}

TEST(BundleRowTest, AnyFlippedBitOfARowOfTilesAndAnyOtherPlaceIsDataLoss) {
  const std::string key = TileKey({1}, 0, 7);
  const std::string hashes(64, 'h');
  const std::string row = EncodeTileRow(key, hashes);
  EXPECT_THAT(DecodeTileRow(key, row), IsOkAndHolds(hashes));
  for (size_t bit = 0; bit < row.size() * 8; ++bit) {
    std::string damaged = row;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(DecodeTileRow(key, damaged), StatusIs(kDataLoss)) << bit;
  }
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_THAT(DecodeTileRow(key, row.substr(0, size)), StatusIs(kDataLoss));
  }
  for (const std::string& other :
       {TileKey({2}, 0, 7), TileKey({1}, 1, 7), TileKey({1}, 0, 8), BundleKey({1}, {7})}) {
    EXPECT_THAT(DecodeTileRow(other, row), StatusIs(kDataLoss));
  }
  for (const size_t bytes : {0, 31, 33, 257 * 32}) {
    EXPECT_THAT(DecodeTileRow(key, EncodeTileRow(key, std::string(bytes, 'h'))),
                StatusIs(kDataLoss));
  }
  EXPECT_THAT(DecodeHeadRow(key, row), StatusIs(kDataLoss));
}

TEST(BundleRowTest, AnyFlippedBitAnyCutAndAnyOtherPlaceIsDataLoss) {
  const std::string key = BundleKey({1}, {7});
  const std::string row = EncodeBundleRow(RowKind::kEntries, key, {"one", "", "three"});
  ASSERT_OK(DecodeBundleRow(RowKind::kEntries, key, row));
  for (size_t bit = 0; bit < row.size() * 8; ++bit) {
    std::string damaged = row;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(DecodeBundleRow(RowKind::kEntries, key, damaged), StatusIs(kDataLoss)) << bit;
  }
  for (size_t size = 0; size < row.size(); ++size) {
    EXPECT_THAT(DecodeBundleRow(RowKind::kEntries, key, row.substr(0, size)), StatusIs(kDataLoss));
  }
  EXPECT_THAT(DecodeBundleRow(RowKind::kEntries, key, row + "x"), StatusIs(kDataLoss));
  EXPECT_THAT(DecodeBundleRow(RowKind::kOpenings, key, row), StatusIs(kDataLoss));
  EXPECT_THAT(DecodeBundleRow(RowKind::kEntries, BundleKey({1}, {8}), row), StatusIs(kDataLoss));
  EXPECT_THAT(DecodeBundleRow(RowKind::kEntries, BundleKey({2}, {7}), row), StatusIs(kDataLoss));
  EXPECT_THAT(DecodeHeadRow(key, row), StatusIs(kDataLoss));
}

TEST(BundleRowTest, ARowThatHoldsNothingIsDataLoss) {
  EXPECT_THAT(DecodeBundleRow(RowKind::kEntries, "k", EncodeBundleRow(RowKind::kEntries, "k", {})),
              StatusIs(kDataLoss));
}

}  // namespace
}  // namespace consent::store
