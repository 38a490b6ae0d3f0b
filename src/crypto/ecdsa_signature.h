// SPDX-License-Identifier: Apache-2.0
//
// The forms of an ECDSA P-256 signature.
//
// A signature is a pair of numbers (r, s), each from 1 to the group order n less one. OpenSSL and
// X.509 write it as DER; we as 64 bytes r || s, big-endian (IEEE P1363, as WebCrypto has it). If
// (r, s) is valid so is (r, n - s): of the two we take only the one with the smaller s ("low-S").
// Key stores and browsers do not know of this; clients bring their signatures to it with ToLowS.
//
// Threads: safe from any thread.

#ifndef CONSENT_CRYPTO_ECDSA_SIGNATURE_H_
#define CONSENT_CRYPTO_ECDSA_SIGNATURE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace consent::crypto {

// OK for 64 bytes r || s with both in range and s low; InvalidArgument otherwise, saying which
// demand failed.
absl::Status CheckEcdsaSignature(std::string_view signature);

// The low-S form of 64 bytes r || s. InvalidArgument when r or s is out of range.
absl::StatusOr<std::string> ToLowS(std::string_view signature);

// 64 bytes r || s as DER. `signature` has passed CheckEcdsaSignature.
std::string EcdsaToDer(std::string_view signature);

// DER as the 64 bytes r || s in low-S form. InvalidArgument when `der` is not a signature, whole
// and canonical.
absl::StatusOr<std::string> EcdsaFromDer(std::string_view der);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_ECDSA_SIGNATURE_H_
