// SPDX-License-Identifier: Apache-2.0
//
// JSON Web Signatures in compact form (RFC 7515) with Ed25519 (RFC 8037), and JSON Web Keys.
//
//   BASE64URL(header) "." BASE64URL(payload) "." BASE64URL(signature)
//
// The header is fixed: {"alg":"EdDSA","kid":"THUMBPRINT","typ":"TYPE"}. A verifier knows the key
// and the type, so it knows every byte of it and compares: nothing that the token says can choose
// an algorithm or a key. What is signed contains no newline, so it is never a signed note.
//
// Threads: safe from any thread.

#ifndef CONSENT_CRYPTO_JWS_H_
#define CONSENT_CRYPTO_JWS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/crypto/public_key.h"
#include "src/crypto/signing_key.h"

namespace consent::crypto {

inline constexpr size_t kJwsBytesMax = 8192;

// The token that signs `payload`, a JSON text. `type` needs no escaping in JSON; `key` is Ed25519.
// Unavailable as SigningKey::Sign.
absl::StatusOr<std::string> SignJws(std::string_view type, std::string_view payload,
                                    const SigningKey& key);

// The payload, if `token` is of this type and signed by `key`. InvalidArgument when it has another
// form or header, PermissionDenied when the signature is false.
absl::StatusOr<std::string> VerifyJws(std::string_view type, std::string_view token,
                                      const PublicKey& key);

// The key as a JWK with its thumbprint (RFC 7638) as "kid". `key` is Ed25519.
std::string JwkOf(const PublicKey& key);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_JWS_H_
