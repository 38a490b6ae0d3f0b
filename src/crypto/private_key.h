// SPDX-License-Identifier: Apache-2.0
//
// PrivateKey: an Ed25519 or ECDSA P-256 key that signs.
//
// Its text form is PKCS#8 PEM without a passphrase (RFC 5958), which openssl reads and writes; to
// keep one on disk use key_file.h. OpenSSL wipes the key when the last copy is destroyed.
//
// Cheap to copy (shared, immutable). Threads: safe from any thread.
// Sign costs about 40 us for Ed25519 and 25 us for P-256 (sign_bench.cc).

#ifndef CONSENT_CRYPTO_PRIVATE_KEY_H_
#define CONSENT_CRYPTO_PRIVATE_KEY_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/crypto/algorithm.h"
#include "src/crypto/public_key.h"
#include "src/crypto/secret.h"

namespace consent::crypto {

class PrivateKey {
 public:
  // A new random key.
  static PrivateKey Generate(Algorithm algorithm);

  // The Ed25519 key whose RFC 8032 private key is `seed`: the same seed, the same key.
  static PrivateKey FromEd25519Seed(const Secret& seed);

  // The key of a "-----BEGIN PRIVATE KEY-----" text. InvalidArgument for other algorithms and
  // curves, encrypted keys, further bytes, and a public part that does not belong to the private
  // one. No error shows anything of the text.
  static absl::StatusOr<PrivateKey> FromPem(std::string_view text);

  // The PKCS#8 PEM text. It is the secret itself: Wipe (secret.h) it after use.
  std::string ToPem() const;

  // The 64-byte signature of `message`, in the one form Verify takes. Ed25519 signatures are
  // deterministic, ECDSA ones are not.
  std::string Sign(std::string_view message) const;

  const PublicKey& public_key() const { return public_key_; }
  Algorithm algorithm() const { return public_key_.algorithm(); }

 private:
  PrivateKey(std::shared_ptr<evp_pkey_st> key, PublicKey public_key);
  static absl::StatusOr<PrivateKey> FromEvp(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
  PublicKey public_key_;
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_PRIVATE_KEY_H_
