// SPDX-License-Identifier: Apache-2.0
//
// Reads any bytes as an entry. What is accepted is canonical.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/base/codec.h"
#include "src/journal/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view leaf(reinterpret_cast<const char*>(data), size);
  const auto entry = consent::journal::ParseEntry(leaf);
  if (entry.ok() && consent::Encode(*entry) != leaf) std::abort();
  return 0;
}
