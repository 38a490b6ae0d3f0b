// SPDX-License-Identifier: Apache-2.0
//
// Tiles: how C2SP tlog-tiles cuts a Merkle tree into files. Arithmetic only.
//
// Tile (L, N) holds the hashes N * 256 to N * 256 + 255 of the tree's perfect subtrees of 256^L
// leaves: at level 0 those are leaf hashes, at level 1 each hash stands for a full tile of level 0.
// Seven of eight levels of the tree are in no tile: they are hashed out of the tile below them.
//
// A tile at the right edge is partial: it holds the subtrees that are complete. It is a prefix of
// what it will be, never hashed into the level above, and its width is part of its name. So the
// hashes of a tile of a given width never change.
//
// Threads: safe from any thread, as far as the reader is. No I/O but the reader's.

#ifndef CONSENT_MERKLE_TILE_H_
#define CONSENT_MERKLE_TILE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/merkle/subtree.h"

namespace consent::merkle {

inline constexpr int kTileHeight = 8;
inline constexpr int kTileWidth = 1 << kTileHeight;
// Trees of at most 2^63 - 1 leaves have no tile above this level.
inline constexpr int kTileLevelMax = 7;
inline constexpr size_t kTileBytesMax = kTileWidth * Digest::kSize;

struct Tile {
  int level = 0;
  uint64_t index = 0;
  int width = 0;  // How many hashes it holds: 1 to kTileWidth.
  friend constexpr auto operator<=>(const Tile&, const Tile&) = default;

  constexpr bool IsFull() const { return width == kTileWidth; }
  // The length of its file.
  constexpr size_t bytes() const { return static_cast<size_t>(width) * Digest::kSize; }
};

// How many hashes the tile has in a tree of this size: 0 when the tree has no such tile.
int WidthOf(int level, uint64_t index, TreeSize size);

// The tiles, at the width they have in the tree of `to` leaves, that the tree of `from` leaves does
// not have at that width: what must be written when a log grows. By level, then index; about one
// for every 255 leaves. None when `to` is not larger than `from`.
std::vector<Tile> NewTiles(TreeSize from, TreeSize to);

// Where the hash of a perfect subtree is found: it is the root over `count` (a power of two, at
// most 128) hashes of a tile, from the hash number `first` on.
struct TilePlace {
  Tile tile;
  int first = 0;
  int count = 0;
};

// The place of a subtree, with the tile as wide as it is in a tree of this size. InvalidArgument
// when the tree does not have all of the subtree.
absl::StatusOr<TilePlace> PlaceOf(const Subtree& subtree, TreeSize size);

// The hash of a subtree out of the bytes of the tile that PlaceOf names; a wider version of that
// tile does too. InvalidArgument when the tile does not hold it; DataLoss when `tile_bytes` are not
// as many as the tile's width says.
absl::StatusOr<Digest> HashIn(const Tile& tile, std::string_view tile_bytes,
                              const Subtree& subtree);

// Gives the bytes of a tile; exactly tile.bytes() of them, or an error.
using TileSource = absl::FunctionRef<absl::StatusOr<std::string>(const Tile&)>;

// The hash of a perfect subtree of the tree of this size, out of its tiles:
//   InclusionProof(leaf, size, [&](const Subtree& s) { return ReadHash(s, size, source); })
// Errors of PlaceOf, the source and HashIn.
absl::StatusOr<Digest> ReadHash(const Subtree& subtree, TreeSize size, TileSource source);

// The root over the hashes in `bytes`, whose number is a power of two up to 256. InvalidArgument
// otherwise.
absl::StatusOr<Digest> PerfectRoot(std::string_view bytes);

}  // namespace consent::merkle

#endif  // CONSENT_MERKLE_TILE_H_
