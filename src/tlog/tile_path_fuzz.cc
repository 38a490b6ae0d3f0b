// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for the path of a tile is the one name of that tile.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/merkle/tile.h"
#include "src/tlog/tile_path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  using consent::tlog::TilePath;
  const auto path = consent::tlog::ParseTilePath(bytes);
  if (!path.ok()) return 0;
  const auto& tile = path->tile;
  const bool entries = path->kind == TilePath::Kind::kEntries;
  const auto name =
      entries ? consent::tlog::EntriesPath(tile.index, tile.width) : consent::tlog::Path(tile);
  if (name != bytes) std::abort();
  consent::merkle::WidthOf(tile.level, tile.index, {~uint64_t{0}});
  return 0;
}
