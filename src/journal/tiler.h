// SPDX-License-Identifier: Apache-2.0
//
// Tiler: brings the stored tiles of a journal up to its entries.
//
// Tiles follow behind: an entry is durable, then in the tree's tiles, then under a checkpoint.
// What is written is derived from the entries and not durable by itself; after a crash Load goes on
// where the store is. The right edge of the tiles is the tree that the hashes of the entries make,
// not the one that the head says: comparing the two finds entries that are not those committed.
//
// Threads: belongs to one.

#ifndef CONSENT_JOURNAL_TILER_H_
#define CONSENT_JOURNAL_TILER_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/tile_builder.h"
#include "src/store/store.h"

namespace consent::journal {

class Tiler {
 public:
  // At the size the store's tiles have reached. DataLoss when they are damaged.
  static absl::StatusOr<Tiler> Load(store::Store& store, ShardId shard);

  TreeSize size() const { return builder_.size(); }
  // The tree over the entries tiled so far.
  merkle::CompactTree Tree() const { return builder_.Tree(); }

  // Reads the entries up to `size`, which the journal must have, and writes their tiles. After an
  // error: load anew.
  absl::Status AdvanceTo(TreeSize size);

 private:
  Tiler(store::Store& store, ShardId shard, merkle::TileBuilder builder)
      : store_(&store), shard_(shard), builder_(std::move(builder)) {}
  absl::Status Write();

  store::Store* store_;
  ShardId shard_;
  merkle::TileBuilder builder_;
};

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_TILER_H_
