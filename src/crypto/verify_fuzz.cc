// SPDX-License-Identifier: Apache-2.0
//
// An input is a 64-byte signature, then a message. No input verifies but those that the private key
// made: for Ed25519 its one signature; for ECDSA none whose other form would verify too.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/crypto/ecdsa_signature.h"
#include "src/crypto/private_key.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent::crypto;
  static const PrivateKey& ed25519 = *new PrivateKey(
      PrivateKey::FromEd25519Seed(*Secret::FromBytes(std::string(Secret::kSize, 's'))));
  static const PrivateKey& p256 = *new PrivateKey(PrivateKey::Generate(Algorithm::kEcdsaP256));

  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view signature = bytes.substr(0, kSignatureBytes);
  const std::string_view message = bytes.substr(std::min(size, kSignatureBytes));
  if (ed25519.public_key().Verify(message, signature).ok() && ed25519.Sign(message) != signature) {
    std::abort();
  }
  // The key is new in every run: an input that verifies is a forgery.
  if (p256.public_key().Verify(message, signature).ok()) std::abort();

  if (const auto low = ToLowS(signature); low.ok()) {
    if (!CheckEcdsaSignature(*low).ok()) std::abort();
    if (*EcdsaFromDer(EcdsaToDer(*low)) != *low) std::abort();
  }
  if (const auto fixed = EcdsaFromDer(bytes); fixed.ok()) {
    if (!CheckEcdsaSignature(*fixed).ok()) std::abort();
  }
  return 0;
}
