// SPDX-License-Identifier: Apache-2.0
//
// Any text as a manifest: what is accepted is the one text of what it says.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/backup/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = consent::backup::ParseManifest(text);
  if (manifest.ok() && consent::backup::WriteManifest(*manifest) != text) std::abort();
  return 0;
}
