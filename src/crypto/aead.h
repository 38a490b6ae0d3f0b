// SPDX-License-Identifier: Apache-2.0
//
// AES-256-GCM (NIST SP 800-38D): bytes that only the holder of a key can read or have made.
//
// A nonce must never seal two different plaintexts under one key: doing so gives away both and the
// power to forge. Use a fresh key for each message (openings), or a nonce computed from the
// plaintext (token.h).
//
// Each thread keeps one cipher context, so that sealing 150 bytes costs under 1 us, the change of
// key included (aead_bench.cc). The context holds the last key used until the thread's next call.
//
// Threads: safe from any thread.

#ifndef CONSENT_CRYPTO_AEAD_H_
#define CONSENT_CRYPTO_AEAD_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/crypto/secret.h"

namespace consent::crypto {

using Nonce = FixedBytes<struct NonceTag, 12>;

inline constexpr size_t kAeadTagBytes = 16;

// The longest plaintext, and the longest associated data. Nothing we seal comes near it; a caller
// that passes more has a fault, and Seal ends the process.
inline constexpr size_t kMaxAeadBytes = size_t{1} << 26;

// The ciphertext, as long as the plaintext, then the 16-byte tag. `aad` is authenticated, not
// hidden, and not part of the result: Open needs the same.
std::string Seal(const Secret& key, const Nonce& nonce, std::string_view aad,
                 std::string_view plaintext);

// The plaintext that was sealed with this key, nonce and aad. InvalidArgument when there is none:
// cut, altered, or sealed with another key, which cannot be told apart.
absl::StatusOr<std::string> Open(const Secret& key, const Nonce& nonce, std::string_view aad,
                                 std::string_view sealed);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_AEAD_H_
