// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/hkdf.h"

#include <algorithm>

#include "src/crypto/hmac.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

// RFC 5869, 2.2. An absent salt is a string of zeros, which pads to the same block as the empty
// key.
HmacKey Extract(const HmacKey& salt, std::string_view key_material) {
  Digest key = salt.Mac(key_material);
  HmacKey expand = HmacKey::FromBytes(key.view());
  Wipe(key.bytes.data(), Digest::kSize);
  return expand;
}

}  // namespace

Secret DeriveKey(const Secret& secret, std::string_view info) {
  static const HmacKey& no_salt = *new HmacKey(HmacKey::FromBytes(""));
  Digest key = Extract(no_salt, secret.view()).Mac({info, "\x01"});
  Secret derived = *Secret::FromBytes(key.view());
  Wipe(key.bytes.data(), Digest::kSize);
  return derived;
}

std::string Hkdf(const HkdfInput& input, size_t size) {
  Require(size <= kMaxHkdfBytes, "more bytes asked of HKDF than it gives");
  const HmacKey key = Extract(HmacKey::FromBytes(input.salt), input.key_material);
  std::string out;
  out.reserve(size);
  Digest block;
  for (char counter = 1; out.size() < size; ++counter) {
    const std::string_view last = out.empty() ? std::string_view() : block.view();
    block = key.Mac({last, input.info, {&counter, 1}});
    out.append(block.view().substr(0, std::min(Digest::kSize, size - out.size())));
  }
  Wipe(block.bytes.data(), Digest::kSize);
  return out;
}

}  // namespace consent::crypto
