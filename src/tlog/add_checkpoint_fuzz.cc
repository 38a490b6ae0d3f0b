// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for an add-checkpoint request or answer is written back as it was read.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/tlog/add_checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto request = consent::tlog::ParseAddCheckpoint(bytes);
  if (request.ok() && request->ToString() != bytes) std::abort();
  const auto size_known = consent::tlog::ParseKnownSize(bytes);
  if (size_known.ok() && consent::tlog::FormatKnownSize(*size_known) != bytes) std::abort();
  if (consent::tlog::ReadCosignatures(bytes, "text\n", {}).ok()) std::abort();
  return 0;
}
