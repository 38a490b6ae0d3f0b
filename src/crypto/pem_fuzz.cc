// SPDX-License-Identifier: Apache-2.0
//
// Any text either holds a block that can be written and read again, or is refused; and the keys in
// it are sound or refused.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/crypto/pem.h"
#include "src/crypto/private_key.h"
#include "src/crypto/public_key.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent::crypto;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string_view label : {"PUBLIC KEY", "PRIVATE KEY"}) {
    const auto der = DecodePem(label, text);
    if (der.ok() && *DecodePem(label, EncodePem(label, *der)) != *der) std::abort();
  }
  if (const auto key = PublicKey::FromPem(text); key.ok()) {
    if (!(*PublicKey::FromPem(key->ToPem()) == *key)) std::abort();
  }
  if (const auto key = PrivateKey::FromPem(text); key.ok()) {
    if (!key->public_key().Verify("message", key->Sign("message")).ok()) std::abort();
    if (!(PrivateKey::FromPem(key->ToPem())->public_key() == key->public_key())) std::abort();
  }
  return 0;
}
