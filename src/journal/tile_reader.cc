// SPDX-License-Identifier: Apache-2.0

#include "src/journal/tile_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/journal/reader.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/proof.h"

namespace consent::journal {

absl::StatusOr<std::string> TileReader::ReadTile(const merkle::Tile& tile, TreeSize size) const {
  if (tile.width < 1 || tile.width > merkle::WidthOf(tile.level, tile.index, size)) {
    return absl::OutOfRangeError(absl::StrCat("tile ", tile.level, "/", tile.index, " of width ",
                                              tile.width, ": not in a tree of ", size.value));
  }
  ASSIGN_OR_RETURN(std::optional<std::string> row,
                   store_->ReadTile(shard_, tile.level, tile.index));
  if (!row.has_value() || row->size() < tile.bytes()) {
    return absl::DataLossError(absl::StrCat("journal ", shard_.value, ": tile ", tile.level, "/",
                                            tile.index, " is missing or short"));
  }
  row->resize(tile.bytes());
  return *std::move(row);
}

absl::StatusOr<std::vector<std::string>> TileReader::ReadEntries(uint64_t index, int width,
                                                                 TreeSize size) const {
  if (width < 1 || width > merkle::WidthOf(0, index, size)) {
    return absl::OutOfRangeError(absl::StrCat("entry bundle ", index, " of width ", width,
                                              ": not in a tree of ", size.value));
  }
  std::vector<std::string> entries;
  const LeafIndex first{index * merkle::kTileWidth};
  RETURN_IF_ERROR(ForEachLeaf(*store_, shard_, first, TreeSize{first.value + width},
                              [&entries](const Leaf& leaf) {
                                entries.emplace_back(leaf.bytes);
                                return absl::OkStatus();
                              }));
  return entries;
}

absl::StatusOr<TileReader::StoredLeaf> TileReader::ReadLeaf(LeafIndex position,
                                                            TreeSize size) const {
  if (position.value >= size.value) {
    return absl::OutOfRangeError(
        absl::StrCat("entry ", position.value, ": the journal has ", size.value));
  }
  StoredLeaf stored;
  RETURN_IF_ERROR(ForEachLeaf(*store_, shard_, position, TreeSize{position.value + 1},
                              [&stored](const Leaf& leaf) {
                                stored = {std::string(leaf.bytes), std::string(leaf.opening)};
                                return absl::OkStatus();
                              }));
  return stored;
}

absl::StatusOr<Digest> TileReader::Hash(const merkle::Subtree& subtree, TreeSize size) const {
  return merkle::ReadHash(subtree, size,
                          [this, size](const merkle::Tile& tile) { return ReadTile(tile, size); });
}

absl::StatusOr<std::vector<Digest>> TileReader::InclusionProof(LeafIndex leaf,
                                                               TreeSize size) const {
  return merkle::InclusionProof(leaf, size,
                                [&](const merkle::Subtree& s) { return Hash(s, size); });
}

absl::StatusOr<std::vector<Digest>> TileReader::ConsistencyProof(TreeSize from, TreeSize to) const {
  return merkle::ConsistencyProof(from, to, [&](const merkle::Subtree& s) { return Hash(s, to); });
}

absl::StatusOr<Digest> TileReader::RootAt(TreeSize size) const {
  ASSIGN_OR_RETURN(const merkle::CompactTree tree,
                   merkle::TreeAt(size, [&](const merkle::Subtree& s) { return Hash(s, size); }));
  return tree.Root();
}

}  // namespace consent::journal
