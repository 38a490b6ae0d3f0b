// SPDX-License-Identifier: Apache-2.0
//
// The names of tiles and entry bundles (C2SP tlog-tiles): what stands after a log's prefix.
//
//   tile/0/x001/x234/067          tile 1234067 of level 0, full
//   tile/1/000.p/17               the first 17 hashes of tile 0 of level 1
//   tile/entries/x001/234.p/5     the first 5 entries of bundle 1234
//
// A resource has one name: whatever else leads to it (more zeros, a missing x, %-escapes) is
// refused, so that caches and directories hold it once.
//
// Threads: safe from any thread. No I/O.

#ifndef CONSENT_TLOG_TILE_PATH_H_
#define CONSENT_TLOG_TILE_PATH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/merkle/tile.h"

namespace consent::tlog {

// The specification's largest level. No log has tiles above merkle::kTileLevelMax, so those are
// well-named but never found.
inline constexpr int kPathLevelMax = 63;
// 2^63 leaves have 2^55 tiles: six groups of three digits.
inline constexpr uint64_t kPathIndexMax = (uint64_t{1} << 55) - 1;
inline constexpr size_t kTilePathBytesMax = 64;

struct TilePath {
  enum class Kind { kHashes, kEntries };
  Kind kind = Kind::kHashes;
  merkle::Tile tile;  // Of a bundle: level 0, and as many entries as the width says.

  friend bool operator==(const TilePath&, const TilePath&) = default;
};

// The name of a tile, without a leading slash.
std::string Path(const merkle::Tile& tile);
// The name of the bundle with the entries whose leaf hashes a tile of level 0 holds.
std::string EntriesPath(uint64_t index, int width);

// What a path names. InvalidArgument for anything that Path and EntriesPath do not write.
absl::StatusOr<TilePath> ParseTilePath(std::string_view path);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_TILE_PATH_H_
