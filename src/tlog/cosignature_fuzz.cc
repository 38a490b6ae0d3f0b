// SPDX-License-Identifier: Apache-2.0
//
// Bytes that no witness made are no cosignature: only the one kept here verifies.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/tlog/cosignature.h"
#include "src/tlog/test_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent::tlog;  // NOLINT(google-build-using-namespace)
  static const NoteSigner witness = TestWitness("w.example/1", 1);
  static const std::string made = Cosign(witness, kSpecCheckpointText, {1'679'315'147})->bytes;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bool verified = VerifyCosignature(witness.verifier_key(), kSpecCheckpointText, bytes).ok();
  if (verified != (bytes == made)) std::abort();
  return 0;
}
