// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for a checkpoint is written back as it was read.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/tlog/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto checkpoint = consent::tlog::ParseCheckpoint(bytes);
  if (checkpoint.ok() && checkpoint->ToText() != bytes) std::abort();
  if (consent::tlog::OpenCheckpoint(bytes, "o", {}).ok()) std::abort();
  return 0;
}
