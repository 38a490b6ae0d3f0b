// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for a bundle is written back as it was read.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/tlog/entry_bundle.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto entries = consent::tlog::DecodeBundle(bytes);
  if (!entries.ok()) return 0;
  std::string again;
  for (const std::string_view entry : *entries) {
    if (!consent::tlog::AppendToBundle(entry, again).ok()) std::abort();
  }
  if (again != bytes) std::abort();
  return 0;
}
