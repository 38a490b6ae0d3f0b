// SPDX-License-Identifier: Apache-2.0
//
// The part of the suite that is about rows of tiles.

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "src/base/status_matchers.h"
#include "src/store/commit_check.h"
#include "src/store/conformance.h"

namespace consent::store {
namespace {

using ::testing::Optional;

constexpr ShardId kShard{1};
constexpr ShardId kOtherShard{2};
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

// `count` hashes, of which the first bytes say which they are.
std::string Hashes(size_t count, char first = 'a') {
  std::string hashes;
  for (size_t i = 0; i < count; ++i) {
    hashes += std::string(1, static_cast<char>(first + i % 26)) + std::string(31, '\xff');
  }
  return hashes;
}

TileRows OneRow(int level, uint64_t index, std::string hashes, uint64_t tiled) {
  return {.rows = {{.level = level, .index = index, .hashes = std::move(hashes)}},
          .tiled = {tiled}};
}

}  // namespace

TEST_P(StoreConformance, AShardNeverTiledHasNoTiles) {
  EXPECT_THAT(store().ReadTiled(kShard), IsOkAndHolds(TreeSize{0}));
  EXPECT_THAT(store().ReadTile(kShard, 0, 0), IsOkAndHolds(std::nullopt));
}

TEST_P(StoreConformance, RowsOfTilesAreReadBackAndGrow) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 600)));
  TileRows rows = OneRow(0, 0, Hashes(256), 300);
  rows.rows.push_back({.level = 0, .index = 1, .hashes = Hashes(44, 'k')});
  rows.rows.push_back({.level = 1, .index = 0, .hashes = Hashes(1, 'z')});
  ASSERT_OK(store().WriteTiles(kShard, rows));
  EXPECT_THAT(store().ReadTiled(kShard), IsOkAndHolds(TreeSize{300}));
  for (const TileRow& row : rows.rows) {
    EXPECT_THAT(store().ReadTile(kShard, row.level, row.index), IsOkAndHolds(Optional(row.hashes)));
  }
  ASSERT_OK(store().WriteTiles(kShard, OneRow(0, 1, Hashes(200, 'k'), 456)));
  EXPECT_THAT(store().ReadTile(kShard, 0, 1), IsOkAndHolds(Optional(Hashes(200, 'k'))));
  EXPECT_THAT(store().ReadTile(kShard, 0, 0), IsOkAndHolds(Optional(Hashes(256))));
  EXPECT_THAT(store().ReadTiled(kShard), IsOkAndHolds(TreeSize{456}));
  EXPECT_THAT(store().ReadTile(kShard, 0, 2), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store().ReadTile(kShard, 2, 0), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store().ReadTile(kShard, -1, 0), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store().ReadTile(kShard, 256, 0), IsOkAndHolds(std::nullopt));
}

TEST_P(StoreConformance, TilesOfShardsLevelsAndLargeIndexesAreKeptApart) {
  const std::vector<std::pair<int, uint64_t>> places = {
      {0, 0}, {0, 1}, {1, 0}, {0, 256}, {63, 0}, {0, uint64_t{1} << 56}, {0, UINT64_MAX}};
  char first = 'a';
  for (const ShardId shard : {kShard, kOtherShard}) {
    ASSERT_OK(store().Commit(shard, MakeCommit(0, 1)));
    for (const auto& [level, index] : places) {
      ASSERT_OK(store().WriteTiles(shard, OneRow(level, index, Hashes(1, first++), 1)));
    }
  }
  first = 'a';
  for (const ShardId shard : {kShard, kOtherShard}) {
    for (const auto& [level, index] : places) {
      EXPECT_THAT(store().ReadTile(shard, level, index), IsOkAndHolds(Optional(Hashes(1, first++))))
          << level << " " << index;
    }
  }
}

TEST_P(StoreConformance, TiledNeverGoesBackNorPassesTheJournalAndSuchRowsAreNotWritten) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 10)));
  ASSERT_OK(store().WriteTiles(kShard, OneRow(0, 0, Hashes(5), 5)));
  EXPECT_THAT(store().WriteTiles(kShard, OneRow(0, 0, Hashes(4), 4)), StatusIs(kPrecondition));
  EXPECT_THAT(store().WriteTiles(kShard, OneRow(0, 0, Hashes(11), 11)), StatusIs(kPrecondition));
  EXPECT_THAT(store().ReadTile(kShard, 0, 0), IsOkAndHolds(Optional(Hashes(5))));
  EXPECT_THAT(store().ReadTiled(kShard), IsOkAndHolds(TreeSize{5}));
  EXPECT_OK(store().WriteTiles(kShard, OneRow(0, 0, Hashes(10), 10)));
  // The marks are two: tiles do not move what records have reached.
  EXPECT_THAT(store().ReadApplied(kShard), IsOkAndHolds(TreeSize{0}));
}

TEST_P(StoreConformance, WhatIsNoRowOfHashesIsRefused) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 10)));
  EXPECT_THAT(store().WriteTiles(kShard, OneRow(0, 0, "", 1)), StatusIs(kInvalid));
  EXPECT_THAT(store().WriteTiles(kShard, OneRow(0, 0, std::string(31, 'x'), 1)),
              StatusIs(kInvalid));
  EXPECT_THAT(store().WriteTiles(kShard, OneRow(0, 0, Hashes(257), 1)), StatusIs(kInvalid));
  EXPECT_THAT(store().WriteTiles(kShard, OneRow(-1, 0, Hashes(1), 1)), StatusIs(kInvalid));
  EXPECT_THAT(store().WriteTiles(kShard, OneRow(64, 0, Hashes(1), 1)), StatusIs(kInvalid));
  TileRows many = OneRow(0, 0, Hashes(1), 1);
  many.rows.resize(kTileRowsMax + 1, many.rows[0]);
  EXPECT_THAT(store().WriteTiles(kShard, many), StatusIs(kInvalid));
  EXPECT_THAT(store().ReadTiled(kShard), IsOkAndHolds(TreeSize{0}));
}

}  // namespace consent::store
