// SPDX-License-Identifier: Apache-2.0
//
// Reading a journal as the tiled log that it is (C2SP tlog-tiles): tiles, entry bundles, proofs.
//
// Threads: safe from any thread. All functions: OutOfRange for what lies beyond the size they are
// given, which must not be larger than what has been tiled; DataLoss for what should be there.

#ifndef CONSENT_JOURNAL_TILE_READER_H_
#define CONSENT_JOURNAL_TILE_READER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/merkle/subtree.h"
#include "src/merkle/tile.h"
#include "src/store/store.h"

namespace consent::journal {

class TileReader {
 public:
  TileReader(store::Store& store, ShardId shard) : store_(&store), shard_(shard) {}

  // The tile's hashes: tile.width of them. OutOfRange when a tree of `size` has no such tile, or
  // not so wide.
  absl::StatusOr<std::string> ReadTile(const merkle::Tile& tile, TreeSize size) const;

  // The entries from index * 256 on, `width` (1 to 256) of them.
  absl::StatusOr<std::vector<std::string>> ReadEntries(uint64_t index, int width,
                                                       TreeSize size) const;

  // One entry, as it lies in the store, with its opening.
  struct StoredLeaf {
    std::string bytes;
    std::string opening;
  };
  absl::StatusOr<StoredLeaf> ReadLeaf(LeafIndex position, TreeSize size) const;

  // Proofs of RFC 6962 about trees of at most the size that has been tiled.
  absl::StatusOr<std::vector<Digest>> InclusionProof(LeafIndex leaf, TreeSize size) const;
  absl::StatusOr<std::vector<Digest>> ConsistencyProof(TreeSize from, TreeSize to) const;
  absl::StatusOr<Digest> RootAt(TreeSize size) const;

 private:
  absl::StatusOr<Digest> Hash(const merkle::Subtree& subtree, TreeSize size) const;

  store::Store* store_;
  ShardId shard_;
};

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_TILE_READER_H_
