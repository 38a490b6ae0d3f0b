// SPDX-License-Identifier: Apache-2.0
//
// Any bytes either are a sound key in its one encoding, or are refused.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/crypto/public_key.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using consent::crypto::PublicKey;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto raw = PublicKey::FromRawEd25519(bytes); raw.ok()) {
    if (*raw->RawEd25519() != bytes) std::abort();
  }
  const auto key = PublicKey::FromSpki(bytes);
  if (!key.ok()) return 0;
  if (key->spki() != bytes) std::abort();
  if (!(*PublicKey::FromPem(key->ToPem()) == *key)) std::abort();
  return 0;
}
