// SPDX-License-Identifier: Apache-2.0

#include "src/merkle/tile.h"

#include <algorithm>
#include <array>
#include <bit>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/merkle/leaf_hash.h"

namespace consent::merkle {
namespace {

// How many perfect subtrees of 256^level leaves a tree of this size has.
uint64_t SubtreesAt(int level, TreeSize size) { return size.value >> (kTileHeight * level); }

TilePlace Place(const Subtree& subtree) {
  const int level = subtree.level / kTileHeight;
  const int rest = subtree.level % kTileHeight;
  const uint64_t first = subtree.index << rest;
  return {{level, first / kTileWidth, 0}, static_cast<int>(first % kTileWidth), 1 << rest};
}

Digest HashAt(std::string_view bytes, size_t index) {
  return *Digest::FromBytes(bytes.substr(index * Digest::kSize, Digest::kSize));
}

}  // namespace

int WidthOf(int level, uint64_t index, TreeSize size) {
  if (level < 0 || level > kTileLevelMax) return 0;
  const uint64_t subtrees = SubtreesAt(level, size);
  if (index < subtrees / kTileWidth) return kTileWidth;
  return index == subtrees / kTileWidth ? static_cast<int>(subtrees % kTileWidth) : 0;
}

std::vector<Tile> NewTiles(TreeSize from, TreeSize to) {
  std::vector<Tile> tiles;
  for (int level = 0; level <= kTileLevelMax; ++level) {
    const uint64_t begin = SubtreesAt(level, from);
    const uint64_t end = SubtreesAt(level, to);
    if (begin >= end) break;  // Where no subtree is new, none is above.
    for (uint64_t index = begin / kTileWidth; index <= (end - 1) / kTileWidth; ++index) {
      tiles.push_back({level, index, WidthOf(level, index, to)});
    }
  }
  return tiles;
}

absl::StatusOr<TilePlace> PlaceOf(const Subtree& subtree, TreeSize size) {
  if (!subtree.IsIn(size)) {
    return absl::InvalidArgumentError(absl::StrCat("no subtree ", subtree.index, " of level ",
                                                   subtree.level, " in a tree of ", size.value));
  }
  TilePlace place = Place(subtree);
  place.tile.width = WidthOf(place.tile.level, place.tile.index, size);
  return place;
}

absl::StatusOr<Digest> HashIn(const Tile& tile, std::string_view tile_bytes,
                              const Subtree& subtree) {
  if (subtree.level < 0 || subtree.level > kSubtreeLevelMax) {
    return absl::InvalidArgumentError(absl::StrCat("no subtree has level ", subtree.level));
  }
  const TilePlace place = Place(subtree);
  if (tile.level != place.tile.level || tile.index != place.tile.index || tile.width > kTileWidth ||
      place.first + place.count > tile.width) {
    return absl::InvalidArgumentError(
        absl::StrCat("subtree ", subtree.index, " of level ", subtree.level, " is not in tile ",
                     tile.index, " of level ", tile.level, ", ", tile.width, " hashes wide"));
  }
  if (tile_bytes.size() != tile.bytes()) {
    return absl::DataLossError(absl::StrCat("tile ", tile.index, " of level ", tile.level, " has ",
                                            tile_bytes.size(), " bytes, expected ", tile.bytes()));
  }
  return PerfectRoot(tile_bytes.substr(place.first * Digest::kSize, place.count * Digest::kSize));
}

absl::StatusOr<Digest> ReadHash(const Subtree& subtree, TreeSize size, TileSource source) {
  ASSIGN_OR_RETURN(const TilePlace place, PlaceOf(subtree, size));
  ASSIGN_OR_RETURN(const std::string bytes, source(place.tile));
  return HashIn(place.tile, bytes, subtree);
}

absl::StatusOr<Digest> PerfectRoot(std::string_view bytes) {
  size_t count = bytes.size() / Digest::kSize;
  if (bytes.size() % Digest::kSize != 0 || !std::has_single_bit(count) || count > kTileWidth) {
    return absl::InvalidArgumentError(
        absl::StrCat(bytes.size(), " bytes are not the hashes of a perfect subtree"));
  }
  if (count == 1) return HashAt(bytes, 0);
  std::array<Digest, kTileWidth / 2> row;
  count /= 2;
  for (size_t i = 0; i < count; ++i) {
    row[i] = NodeHash(HashAt(bytes, 2 * i), HashAt(bytes, 2 * i + 1));
  }
  for (; count > 1; count /= 2) {
    for (size_t i = 0; i < count / 2; ++i) row[i] = NodeHash(row[2 * i], row[2 * i + 1]);
  }
  return row[0];
}

}  // namespace consent::merkle
