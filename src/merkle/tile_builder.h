// SPDX-License-Identifier: Apache-2.0
//
// TileBuilder: makes tiles out of leaf hashes, in order.
//
// It holds the row of hashes at the right edge of each level, and nothing else: at most eight rows
// of 8 KiB. A row that is full is hashed into the level above and begun anew.
//
//   TileBuilder builder;                       // or Load: to go on at a size
//   for (...) builder.Append(LeafHash(entry));
//   for (Row& row : builder.TakeChanged()) ... // write them, with builder.size()
//
// The rule its user keeps: after tiling to size S, the stored row (L, N) holds the first
// WidthOf(L, N, S) hashes of the tile. A row written again is longer, and begins as before.
//
// Invariant: the row of level L has WidthOf(L, size / 256^(L+1), size) hashes, below 256.
//
// Threads: belongs to one thread. No I/O but the reader's, in Load.
// Cost: each leaf is hashed about once more (tile_builder_bench.cc).

#ifndef CONSENT_MERKLE_TILE_BUILDER_H_
#define CONSENT_MERKLE_TILE_BUILDER_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/tile.h"

namespace consent::merkle {

class TileBuilder {
 public:
  // What a tile holds so far: 1 to 256 hashes.
  struct Row {
    int level = 0;
    uint64_t index = 0;
    std::string hashes;
    friend bool operator==(const Row&, const Row&) = default;
  };

  // Gives what is stored of the tile (level, index). More hashes than the size needs may follow.
  using RowReader = absl::FunctionRef<absl::StatusOr<std::string>(int level, uint64_t index)>;

  // A builder of a tree without leaves.
  TileBuilder() = default;

  // A builder that goes on at `size`: reads one row for each level that has a partial tile, level 0
  // first. InvalidArgument for a size above kMaxTreeSize; DataLoss, naming the tile, when a row is
  // shorter than the size says or no row of hashes; the reader's errors. That the hashes are the
  // right ones no loader sees: compare Tree() with what was promised.
  static absl::StatusOr<TileBuilder> Load(TreeSize size, RowReader read_row);

  // Adds a leaf on the right. A tree of kMaxTreeSize leaves ends the process.
  void Append(const Digest& leaf_hash);

  // The number of leaves, loaded and appended.
  TreeSize size() const { return size_; }

  // The rows that changed since the last call, by level, then index: full ones and those at the
  // right edge. Memory until then: 32 bytes a leaf.
  std::vector<Row> TakeChanged();

  // The right edge of the tree over all leaves, out of the rows: its root is the tree's. Hashes
  // what the rows hold, up to 2,000 nodes.
  CompactTree Tree() const;

 private:
  struct Level {
    uint64_t index = 0;  // Of the tile that `row` is the beginning of.
    std::string row;
    bool changed = false;
  };

  TreeSize size_;
  std::array<Level, kTileLevelMax + 1> levels_;
  std::vector<Row> full_;
};

}  // namespace consent::merkle

#endif  // CONSENT_MERKLE_TILE_BUILDER_H_
