// SPDX-License-Identifier: Apache-2.0

#include "src/journal/entry.h"

#include "src/base/codec.h"
#include "src/base/status_macros.h"

namespace consent::journal {

absl::StatusOr<Entry> ParseEntry(std::string_view leaf) {
  if (leaf.size() > kEntryBytesMax) {
    return absl::InvalidArgumentError("entry longer than 1,024 bytes");
  }
  ASSIGN_OR_RETURN(Entry entry, Decode<Entry>(leaf));
  if (entry.company.size() > core::kIdBytesMax) {
    return absl::InvalidArgumentError("entry names a company of more than 64 bytes");
  }
  return entry;
}

}  // namespace consent::journal
