// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/tile_path.h"

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/base/status_macros.h"
#include "src/tlog/text.h"

namespace consent::tlog {
namespace {

constexpr std::string_view kTile = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartial = ".p/";

// "x001/x234/067" and the width, where it is partial.
std::string IndexAndWidth(uint64_t index, int width) {
  std::string path = absl::StrFormat("%03d", index % 1000);
  while (index >= 1000) {
    index /= 1000;
    path = absl::StrFormat("x%03d/%s", index % 1000, path);
  }
  if (width < merkle::kTileWidth) absl::StrAppend(&path, ".p/", width);
  return path;
}

// The number of a path like x001/x234/067; nullopt for other digits than these and for more than
// kPathIndexMax.
std::optional<uint64_t> ParseIndex(std::string_view path) {
  uint64_t index = 0;
  while (true) {
    const size_t slash = path.find('/');
    std::string_view group = path.substr(0, slash);
    if (slash != path.npos) {
      if (!group.starts_with('x')) return std::nullopt;
      group.remove_prefix(1);
    }
    if (group.size() != 3) return std::nullopt;
    for (const char c : group) {
      if (c < '0' || c > '9') return std::nullopt;
      index = index * 10 + (c - '0');
    }
    if (index > kPathIndexMax) return std::nullopt;
    if (slash == path.npos) return index;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

std::string Path(const merkle::Tile& tile) {
  return absl::StrCat("tile/", tile.level, "/", IndexAndWidth(tile.index, tile.width));
}

std::string EntriesPath(uint64_t index, int width) {
  return absl::StrCat("tile/entries/", IndexAndWidth(index, width));
}

absl::StatusOr<TilePath> ParseTilePath(std::string_view path) {
  const absl::Status malformed = absl::InvalidArgumentError(
      "not the path of a tile or of entries: tile/LEVEL/INDEX[.p/WIDTH], the index in groups of "
      "three digits");
  if (path.size() > kTilePathBytesMax || !path.starts_with(kTile)) return malformed;
  std::string_view rest = path.substr(kTile.size());
  const size_t level_end = rest.find('/');
  if (level_end == rest.npos) return malformed;

  TilePath parsed;
  if (const std::string_view level_text = rest.substr(0, level_end); level_text == kEntries) {
    parsed.kind = TilePath::Kind::kEntries;
  } else {
    const std::optional<uint64_t> level = ParseDecimal(level_text, kPathLevelMax);
    if (!level.has_value()) return malformed;
    parsed.tile.level = static_cast<int>(*level);
  }
  rest.remove_prefix(level_end + 1);

  parsed.tile.width = merkle::kTileWidth;
  if (const size_t partial = rest.find(kPartial); partial != rest.npos) {
    const std::optional<uint64_t> width =
        ParseDecimal(rest.substr(partial + kPartial.size()), merkle::kTileWidth - 1);
    if (!width.has_value() || *width == 0) return malformed;
    parsed.tile.width = static_cast<int>(*width);
    rest = rest.substr(0, partial);
  }

  const std::optional<uint64_t> index = ParseIndex(rest);
  if (!index.has_value()) return malformed;
  parsed.tile.index = *index;
  // What is left is zeros in front: x000/001 for 001.
  const bool entries = parsed.kind == TilePath::Kind::kEntries;
  if ((entries ? EntriesPath(*index, parsed.tile.width) : Path(parsed.tile)) != path) {
    return malformed;
  }
  return parsed;
}

}  // namespace consent::tlog
