// SPDX-License-Identifier: Apache-2.0
//
// Tokens from anywhere: one that verifies must be the one that signing makes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/crypto/jws.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using consent::crypto::PrivateKey;
  using consent::crypto::Secret;
  static const auto* const kKey =
      new PrivateKey(PrivateKey::FromEd25519Seed(*Secret::FromBytes(std::string(32, 'k'))));
  const std::string_view token(reinterpret_cast<const char*>(data), size);
  const auto payload = consent::crypto::VerifyJws("fuzz+jwt", token, kKey->public_key());
  if (payload.ok() && *consent::crypto::SignJws("fuzz+jwt", *payload, *kKey) != token) std::abort();
  return 0;
}
