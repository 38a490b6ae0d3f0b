// SPDX-License-Identifier: Apache-2.0
//
// HmacKey: HMAC-SHA256 (RFC 2104, FIPS 198-1) with the keyed state computed once.
//
// Keying costs two of the four compressions of a short HMAC; an HmacKey pays them when it is made,
// so that naming a contact point costs about 0.2 us (hmac_bench.cc).
//
// Threads: Mac is safe from any thread at once. The key wipes itself, and Mac leaves none of
// the copies it works on.

#ifndef CONSENT_CRYPTO_HMAC_H_
#define CONSENT_CRYPTO_HMAC_H_

#include <initializer_list>
#include <string_view>

#include "src/base/ids.h"
#include "src/crypto/hash.h"
#include "src/crypto/secret.h"

namespace consent::crypto {

class HmacKey {
 public:
  explicit HmacKey(const Secret& secret);
  ~HmacKey();
  HmacKey(HmacKey&& other) noexcept;
  HmacKey& operator=(HmacKey&& other) noexcept;
  HmacKey(const HmacKey&) = delete;
  HmacKey& operator=(const HmacKey&) = delete;

  // A key of any length, as RFC 2104 has it: longer than 64 bytes is hashed first. For keys that
  // are not 32 bytes by nature, such as the salt of HKDF; prefer the constructor.
  static HmacKey FromBytes(std::string_view key);

  // The HMAC of the parts joined. As in Sha256, where a part ends is not authenticated.
  Digest Mac(std::initializer_list<std::string_view> parts) const;
  Digest Mac(std::string_view message) const { return Mac({message}); }

 private:
  explicit HmacKey(std::string_view key);

  Hasher inner_;
  Hasher outer_;
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_HMAC_H_
