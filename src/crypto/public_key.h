// SPDX-License-Identifier: Apache-2.0
//
// PublicKey: an Ed25519 or ECDSA P-256 key that verifies signatures.
//
// A PublicKey that exists is sound, and a key has one encoding: the DER SubjectPublicKeyInfo of
// RFC 8410 (Ed25519) or RFC 5480 (P-256: named curve, uncompressed point). Anything that says the
// same key in other bytes is refused, so that a KeyId names one key and a key has one KeyId.
//
// Signatures too have one form (algorithm.h): whoever holds a valid signature cannot make a second
// valid one for the same message from it without the private key.
//
// Cheap to copy (shared, immutable). Threads: safe from any thread.
// Verify costs about 100 us for Ed25519 and 65 us for P-256; FromSpki about 12 us for Ed25519
// and 5 for P-256, OfSigner little more than Verify (sign_bench.cc).

#ifndef CONSENT_CRYPTO_PUBLIC_KEY_H_
#define CONSENT_CRYPTO_PUBLIC_KEY_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/crypto/algorithm.h"

// OpenSSL's EVP_PKEY, kept out of this header.
struct evp_pkey_st;

namespace consent::crypto {

class PublicKey {
 public:
  // The key of a DER SubjectPublicKeyInfo. InvalidArgument for other algorithms and curves,
  // compressed points, points off the curve, Ed25519 keys of small order or that encode no point
  // or a point in a non-canonical way, and any byte more or less.
  static absl::StatusOr<PublicKey> FromSpki(std::string_view der);

  // The key of a DER SubjectPublicKeyInfo that comes with what it signed: FromSpki, then Verify,
  // but faster, since a signature that verifies shows that its key is a point of the curve. Where
  // it fails, FromSpki tells whether for the key or the signature.
  static absl::StatusOr<PublicKey> OfSigner(std::string_view der, std::string_view message,
                                            std::string_view signature);

  // The key of a "-----BEGIN PUBLIC KEY-----" text, which holds the DER of FromSpki.
  static absl::StatusOr<PublicKey> FromPem(std::string_view text);

  // The key of 32 raw bytes (RFC 8032), as signed notes carry it. Checked as FromSpki does.
  static absl::StatusOr<PublicKey> FromRawEd25519(std::string_view bytes);

  // OK when `signature` is this key's for `message`. Otherwise InvalidArgument for a signature of
  // the wrong length or not in its one form, PermissionDenied for one that does not verify.
  absl::Status Verify(std::string_view message, std::string_view signature) const;

  Algorithm algorithm() const { return algorithm_; }
  // First 16 bytes of SHA-256 over spki().
  const KeyId& id() const { return id_; }
  // The DER SubjectPublicKeyInfo: FromSpki(spki()) is this key.
  const std::string& spki() const { return spki_; }
  std::string ToPem() const;
  // The 32 raw bytes of an Ed25519 key; FailedPrecondition for the other algorithm.
  absl::StatusOr<std::string> RawEd25519() const;

  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki_ == b.spki_; }

 private:
  using CheckEd25519 = absl::Status (*)(std::string_view raw);
  static absl::StatusOr<PublicKey> Parse(std::string_view der, CheckEd25519 check);
  PublicKey(Algorithm algorithm, std::string_view spki, std::shared_ptr<evp_pkey_st> key);

  Algorithm algorithm_;
  std::string spki_;
  KeyId id_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_PUBLIC_KEY_H_
