// SPDX-License-Identifier: Apache-2.0
//
// The two signature algorithms of the house, and the one form of signature each has.

#ifndef CONSENT_CRYPTO_ALGORITHM_H_
#define CONSENT_CRYPTO_ALGORITHM_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace consent::crypto {

// Values are ours and stored: never renumber.
enum class Algorithm : uint8_t {
  // RFC 8032, pure Ed25519. The signature is R || S with S below the group order.
  kEd25519 = 1,
  // FIPS 186-4 with SHA-256, for phones' key stores and browsers. The signature is r || s, each 32
  // bytes big-endian (IEEE P1363, as WebCrypto has it), and s in the lower half of its range.
  kEcdsaP256 = 2,
};

// Both algorithms' signatures have one length.
inline constexpr size_t kSignatureBytes = 64;

// "Ed25519" or "ECDSA P-256": for messages to people.
constexpr std::string_view AlgorithmName(Algorithm algorithm) {
  return algorithm == Algorithm::kEd25519 ? "Ed25519" : "ECDSA P-256";
}

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_ALGORITHM_H_
