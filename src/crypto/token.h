// SPDX-License-Identifier: Apache-2.0
//
// TokenKey: opaque tokens. To its holder a token says what it was made of; to all others it is
// noise that cannot be altered, extended or invented.
//
// Tokens are deterministic: the same plaintext under the same key is the same token, byte for byte,
// so an answer given again is the same answer. Two tokens therefore tell whether their plaintexts
// are equal, and how long they are; they tell nothing else.
//
//   token = nonce || AES-256-GCM(seal_key, nonce, aad = "", plaintext)
//   nonce = first 12 bytes of HMAC-SHA256(mac_key, plaintext)
//   mac_key  = DeriveKey(secret, "consent token mac v1"  || 0x00 || purpose)
//   seal_key = DeriveKey(secret, "consent token seal v1" || 0x00 || purpose)
//
// Opening computes the nonce again, so a plaintext has exactly one token that opens.
// Two of 2^40 different plaintexts share a nonce with probability below 2^-16: change keys by then.
//
// Threads: const use is safe from any thread. A seal costs about 1 us.

#ifndef CONSENT_CRYPTO_TOKEN_H_
#define CONSENT_CRYPTO_TOKEN_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/crypto/hmac.h"
#include "src/crypto/secret.h"

namespace consent::crypto {

// How much longer a token is than its plaintext.
inline constexpr size_t kTokenOverheadBytes = 12 + 16;

// The longest plaintext of a token. A longer one is a fault of the program and ends it.
inline constexpr size_t kMaxTokenPlaintextBytes = 4096;

class TokenKey {
 public:
  // Keys for one purpose, such as "permit": tokens of one purpose do not open under another.
  TokenKey(const Secret& secret, std::string_view purpose);
  // The same, and what was made under secrets of before (at least one in all; the newest first and
  // the one that seals) opens too: so a secret is replaced without voiding its tokens.
  TokenKey(const std::vector<Secret>& secrets, std::string_view purpose);

  // The token, kTokenOverheadBytes longer than the plaintext.
  std::string SealToken(std::string_view plaintext) const;

  // The plaintext of a token made by SealToken under one of the secrets and for the same purpose.
  // InvalidArgument for all else; the error does not say in what way the token is wrong.
  absl::StatusOr<std::string> OpenToken(std::string_view token) const;

 private:
  struct Pair {
    HmacKey mac;
    Secret seal;
  };
  static absl::StatusOr<std::string> OpenUnder(const Pair& keys, std::string_view token);

  std::vector<Pair> keys_;  // The newest first.
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_TOKEN_H_
