// SPDX-License-Identifier: Apache-2.0

#include "src/journal/tiler.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/journal/reader.h"
#include "src/merkle/leaf_hash.h"

namespace consent::journal {
namespace {

// Entries between two writes: bounds what waits in memory, and what a crash does again.
constexpr uint64_t kEntriesAWrite = 65'536;

}  // namespace

absl::StatusOr<Tiler> Tiler::Load(store::Store& store, ShardId shard) {
  ASSIGN_OR_RETURN(const TreeSize tiled, store.ReadTiled(shard));
  ASSIGN_OR_RETURN(
      merkle::TileBuilder builder,
      merkle::TileBuilder::Load(
          tiled, [&](int level, uint64_t index) -> absl::StatusOr<std::string> {
            ASSIGN_OR_RETURN(std::optional<std::string> row, store.ReadTile(shard, level, index));
            if (row.has_value()) return *std::move(row);
            return absl::DataLossError(
                absl::StrCat("journal ", shard.value, ": tile ", level, "/", index, " is missing"));
          }));
  return Tiler(store, shard, std::move(builder));
}

absl::Status Tiler::AdvanceTo(TreeSize size) {
  while (builder_.size() < size) {
    const LeafIndex from{builder_.size().value};
    const TreeSize until{std::min(size.value, from.value + kEntriesAWrite)};
    RETURN_IF_ERROR(ForEachLeaf(*store_, shard_, from, until, [this](const Leaf& leaf) {
      builder_.Append(merkle::LeafHash(leaf.bytes));
      return absl::OkStatus();
    }));
    RETURN_IF_ERROR(Write());
  }
  return absl::OkStatus();
}

absl::Status Tiler::Write() {
  store::TileRows rows;
  for (merkle::TileBuilder::Row& row : builder_.TakeChanged()) {
    rows.rows.push_back({.level = row.level, .index = row.index, .hashes = std::move(row.hashes)});
  }
  rows.tiled = builder_.size();
  return store_->WriteTiles(shard_, rows);
}

}  // namespace consent::journal
