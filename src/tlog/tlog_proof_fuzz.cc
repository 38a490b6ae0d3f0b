// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for a receipt is written back as it was read, and proves nothing without a key.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/tlog/tlog_proof.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto proof = consent::tlog::ParseTlogProof(bytes);
  if (!proof.ok()) return 0;
  if (proof->ToString() != bytes) std::abort();
  if (consent::tlog::VerifyTlogProof(*proof, {}, "o", {}).ok()) std::abort();
  return 0;
}
