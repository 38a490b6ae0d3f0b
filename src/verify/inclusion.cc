// SPDX-License-Identifier: Apache-2.0

#include "src/verify/inclusion.h"

#include <utility>

#include "src/merkle/leaf_hash.h"
#include "src/verify/bundle.h"

namespace consent::verify {

bool Inclusion::Check(std::string_view entry, uint64_t position, const std::string& where) {
  const uint64_t index = position / merkle::kTileWidth;
  const int width = merkle::WidthOf(0, index, {size_});
  if (tile_.width != width || tile_.index != index) {
    FileRead read = ReadTile(source_, {0, index, width});
    if (!read.usable()) {
      faults_.AddUnreadable(read.unreadable.empty() ? read.faults[0].where + ": is not there"
                                                    : read.unreadable);
      return false;
    }
    tile_ = {0, index, width};
    hashes_ = std::move(read.bytes);
  }
  const auto hash = merkle::HashIn(tile_, hashes_, {0, position});
  if (hash.ok() && *hash == merkle::LeafHash(entry)) return true;
  faults_.Add(where, "its disclosure is of another entry than the log's");
  return false;
}

}  // namespace consent::verify
