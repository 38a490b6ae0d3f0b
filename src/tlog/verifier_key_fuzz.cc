// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for a verifier key is written back as it was read.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/tlog/verifier_key.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto key = consent::tlog::ParseVerifierKey(bytes);
  if (!key.ok()) return 0;
  if (key->ToString() != bytes) std::abort();
  key->Verify("text\n", bytes).IgnoreError();
  return 0;
}
