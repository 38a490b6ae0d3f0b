// SPDX-License-Identifier: Apache-2.0
//
// HKDF-SHA256 (RFC 5869): many keys out of one secret.
//
// Keys derived with different `info` are independent: who learns one learns nothing of another, nor
// of the secret. By custom `info` is "consent <what for> v<n>", written as a constant beside its
// only use, then any ids.
//
// Threads: safe from any thread. DeriveKey costs about 0.6 us (hmac_bench.cc).

#ifndef CONSENT_CRYPTO_HKDF_H_
#define CONSENT_CRYPTO_HKDF_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "src/crypto/secret.h"

namespace consent::crypto {

// HKDF with no salt, 32 bytes long.
Secret DeriveKey(const Secret& secret, std::string_view info);

struct HkdfInput {
  std::string_view key_material;
  std::string_view salt;
  std::string_view info;
};

// The longest output RFC 5869 allows: 255 digests.
inline constexpr size_t kMaxHkdfBytes = 255 * 32;

// The general form: extract, then expand to `size` bytes, at most kMaxHkdfBytes (a larger size is a
// fault of the program and ends it).
std::string Hkdf(const HkdfInput& input, size_t size);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_HKDF_H_
