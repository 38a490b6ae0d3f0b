// SPDX-License-Identifier: Apache-2.0
//
// Each algorithm has one SubjectPublicKeyInfo: a fixed prefix, then the key. Comparing the prefix
// is the whole of the parsing, which leaves no second encoding to refuse.

#include "src/crypto/public_key.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/ecdsa_signature.h"
#include "src/crypto/ed25519_point.h"
#include "src/crypto/hash.h"
#include "src/crypto/pem.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

constexpr std::string_view kPemLabel = "PUBLIC KEY";

// SEQUENCE { SEQUENCE { id-Ed25519 } BIT STRING } up to the key's 32 bytes (RFC 8410).
constexpr std::string_view kEd25519Prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr size_t kEd25519KeyBytes = 32;

// SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 } BIT STRING } up to and with the 0x04 of an
// uncompressed point; x and y follow (RFC 5480).
constexpr std::string_view kP256Prefix(
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
    "\x03\x42\x00\x04",
    27);
constexpr size_t kP256PointBytes = 64;

bool HasForm(std::string_view der, std::string_view prefix, size_t key_bytes) {
  return der.size() == prefix.size() + key_bytes && der.substr(0, prefix.size()) == prefix;
}

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data() == nullptr ? "" : s.data());
}

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

// The key of an uncompressed point, null where the coordinates are not below p or not on the curve,
// which OpenSSL checks. Giving a point to the curve of a key made before takes 7 us; d2i_PUBKEY
// takes 185, three verifications.
std::shared_ptr<EVP_PKEY> P256Key(std::string_view point) {
  static EVP_PKEY* const any_key_of_the_curve = EVP_EC_gen("P-256");
  auto key = Own(EVP_PKEY_new());
  Require(any_key_of_the_curve != nullptr && key != nullptr &&
              EVP_PKEY_copy_parameters(key.get(), any_key_of_the_curve) == 1,
          "P-256 is not available");
  return EVP_PKEY_set1_encoded_public_key(key.get(), Bytes(point), point.size()) == 1 ? key
                                                                                      : nullptr;
}

}  // namespace

PublicKey::PublicKey(Algorithm algorithm, std::string_view spki, std::shared_ptr<evp_pkey_st> key)
    : algorithm_(algorithm),
      spki_(spki),
      id_(*KeyId::FromBytes(Sha256({spki}).view().substr(0, KeyId::kSize))),
      key_(std::move(key)) {}

absl::StatusOr<PublicKey> PublicKey::FromSpki(std::string_view der) {
  return Parse(der, CheckEd25519PublicKey);
}

absl::StatusOr<PublicKey> PublicKey::OfSigner(std::string_view der, std::string_view message,
                                              std::string_view signature) {
  // With a key that is no point of the curve no signature verifies.
  ASSIGN_OR_RETURN(PublicKey key, Parse(der, CheckEd25519Form));
  RETURN_IF_ERROR(key.Verify(message, signature));
  return key;
}

absl::StatusOr<PublicKey> PublicKey::Parse(std::string_view der, CheckEd25519 check) {
  if (HasForm(der, kEd25519Prefix, kEd25519KeyBytes)) {
    const std::string_view raw = der.substr(kEd25519Prefix.size());
    RETURN_IF_ERROR(check(raw));
    auto key = Own(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(raw), raw.size()));
    Require(key != nullptr, "Ed25519 is not available");
    return PublicKey(Algorithm::kEd25519, der, std::move(key));
  }
  if (HasForm(der, kP256Prefix, kP256PointBytes)) {
    auto key = P256Key(der.substr(kP256Prefix.size() - 1));
    if (key == nullptr) {
      ERR_clear_error();
      return absl::InvalidArgumentError(
          "ECDSA P-256 public key: expected a point of the curve, found coordinates of none");
    }
    return PublicKey(Algorithm::kEcdsaP256, der, std::move(key));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "public key: expected the DER SubjectPublicKeyInfo of an Ed25519 key (44 bytes) or of an "
      "ECDSA P-256 key with uncompressed point (91 bytes), found ",
      der.size(), " bytes of another form"));
}

absl::StatusOr<PublicKey> PublicKey::FromPem(std::string_view text) {
  ASSIGN_OR_RETURN(const std::string der, DecodePem(kPemLabel, text));
  return FromSpki(der);
}

absl::StatusOr<PublicKey> PublicKey::FromRawEd25519(std::string_view bytes) {
  RETURN_IF_ERROR(CheckEd25519PublicKey(bytes));
  std::string der(kEd25519Prefix);
  der.append(bytes);
  return FromSpki(der);
}

absl::Status PublicKey::Verify(std::string_view message, std::string_view signature) const {
  const bool is_ed25519 = algorithm_ == Algorithm::kEd25519;
  RETURN_IF_ERROR(is_ed25519 ? CheckEd25519Signature(signature) : CheckEcdsaSignature(signature));
  const std::string native = is_ed25519 ? std::string(signature) : EcdsaToDer(signature);

  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  Require(context != nullptr &&
              EVP_DigestVerifyInit_ex(context.get(), nullptr, is_ed25519 ? nullptr : "SHA256",
                                      nullptr, nullptr, key_.get(), nullptr) == 1,
          "cannot start to verify");
  if (EVP_DigestVerify(context.get(), Bytes(native), native.size(), Bytes(message),
                       message.size()) == 1) {
    return absl::OkStatus();
  }
  ERR_clear_error();
  return absl::PermissionDeniedError(
      absl::StrCat(std::string(AlgorithmName(algorithm_)),
                   " signature: expected one by this key over this message, found another"));
}

std::string PublicKey::ToPem() const { return EncodePem(kPemLabel, spki_); }

absl::StatusOr<std::string> PublicKey::RawEd25519() const {
  if (algorithm_ != Algorithm::kEd25519) {
    return absl::FailedPreconditionError(absl::StrCat("public key: expected Ed25519, found ",
                                                      std::string(AlgorithmName(algorithm_))));
  }
  return spki_.substr(kEd25519Prefix.size());
}

}  // namespace consent::crypto
