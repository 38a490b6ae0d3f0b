// SPDX-License-Identifier: Apache-2.0

#include "src/merkle/tile_builder.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/require.h"

namespace consent::merkle {

absl::StatusOr<TileBuilder> TileBuilder::Load(TreeSize size, RowReader read_row) {
  if (size > kMaxTreeSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("tree size ", size.value, " is above the largest, ", kMaxTreeSize.value));
  }
  TileBuilder builder;
  builder.size_ = size;
  for (int i = 0; i <= kTileLevelMax; ++i) {
    const uint64_t subtrees = size.value >> (kTileHeight * i);
    Level& level = builder.levels_[i];
    level.index = subtrees / kTileWidth;
    const size_t bytes = subtrees % kTileWidth * Digest::kSize;
    if (bytes == 0) continue;
    ASSIGN_OR_RETURN(level.row, read_row(i, level.index));
    if (level.row.size() < bytes || level.row.size() > kTileBytesMax ||
        level.row.size() % Digest::kSize != 0) {
      return absl::DataLossError(absl::StrCat("tile ", level.index, " of level ", i, " has ",
                                              level.row.size(), " bytes, size ", size.value,
                                              " needs ", bytes));
    }
    level.row.resize(bytes);
  }
  return builder;
}

void TileBuilder::Append(const Digest& leaf_hash) {
  crypto::Require(size_ < kMaxTreeSize, "the Merkle tree cannot hold another leaf");
  ++size_.value;
  Digest hash = leaf_hash;
  for (int i = 0;; ++i) {
    Level& level = levels_[i];
    if (level.row.empty()) level.row.reserve(kTileBytesMax);
    level.row.append(hash.view());
    level.changed = true;
    if (level.row.size() < kTileBytesMax) return;
    // The last level is never full: the tree is smaller than 256^8.
    hash = *PerfectRoot(level.row);
    full_.push_back({i, level.index, std::exchange(level.row, std::string())});
    ++level.index;
    level.changed = false;
  }
}

std::vector<TileBuilder::Row> TileBuilder::TakeChanged() {
  std::vector<Row> rows = std::exchange(full_, {});
  for (int i = 0; i <= kTileLevelMax; ++i) {
    if (!levels_[i].changed) continue;
    levels_[i].changed = false;
    rows.push_back({i, levels_[i].index, levels_[i].row});
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.level, a.index) < std::tie(b.level, b.index);
  });
  return rows;
}

CompactTree TileBuilder::Tree() const {
  std::vector<Digest> roots;
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    std::string_view rest = level->row;
    while (!rest.empty()) {
      const size_t bytes = std::bit_floor(rest.size() / Digest::kSize) * Digest::kSize;
      roots.push_back(*PerfectRoot(rest.substr(0, bytes)));
      rest.remove_prefix(bytes);
    }
  }
  return *CompactTree::FromSubtrees(size_, std::move(roots));
}

}  // namespace consent::merkle
