// SPDX-License-Identifier: Apache-2.0
//
// Which 32 bytes are an Ed25519 public key.
//
// OpenSSL takes any 32 bytes for a key and lets verification decide. We demand more when a key is
// introduced, because its bytes become an identity: that they encode a point of the curve in the
// one canonical way (RFC 8032, 5.1.3), and that the point is not of small order. A key of small
// order verifies one signature for nearly any message, so its holder could deny having chosen it.
//
// Threads: safe from any thread. Whether bytes encode a point takes about 10 us; all else is
// little.

#ifndef CONSENT_CRYPTO_ED25519_POINT_H_
#define CONSENT_CRYPTO_ED25519_POINT_H_

#include <string_view>

#include "absl/status/status.h"

namespace consent::crypto {

// OK for 32 bytes that satisfy the above; InvalidArgument otherwise, saying which demand failed.
absl::Status CheckEd25519PublicKey(std::string_view bytes);

// The same, but bytes may encode no point: for keys with which a signature is verified right away,
// which none does then.
absl::Status CheckEd25519Form(std::string_view bytes);

// OK for 64 bytes R || S with S below the group order L; InvalidArgument otherwise. A larger S
// would be a second signature for the same message.
absl::Status CheckEd25519Signature(std::string_view signature);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_ED25519_POINT_H_
