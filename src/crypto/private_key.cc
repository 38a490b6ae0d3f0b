// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/private_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>

#include <array>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "src/base/status_macros.h"
#include "src/crypto/ecdsa_signature.h"
#include "src/crypto/pem.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

constexpr std::string_view kPemLabel = "PRIVATE KEY";

// SEQUENCE { 0, SEQUENCE { id-Ed25519 }, OCTET STRING { OCTET STRING } } up to the seed (RFC 8410).
constexpr std::string_view kEd25519Prefix(
    "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data() == nullptr ? "" : s.data());
}

std::shared_ptr<EVP_PKEY> Own(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

absl::Status Malformed() {
  ERR_clear_error();
  return absl::InvalidArgumentError(
      "private key: expected the PKCS#8 of one Ed25519 or ECDSA P-256 key, found other bytes");
}

// The key of a PKCS#8 structure for id-ecPublicKey; null when there is none.
std::shared_ptr<EVP_PKEY> ReadEcKey(std::string_view der) {
  const unsigned char* at = Bytes(der);
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())),
      PKCS8_PRIV_KEY_INFO_free);
  if (info == nullptr || at != Bytes(der) + der.size()) return nullptr;
  const ASN1_OBJECT* algorithm = nullptr;
  if (PKCS8_pkey_get0(&algorithm, nullptr, nullptr, nullptr, info.get()) != 1 ||
      OBJ_obj2nid(algorithm) != NID_X9_62_id_ecPublicKey) {
    return nullptr;
  }
  return Own(EVP_PKCS82PKEY(info.get()));
}

bool IsP256(EVP_PKEY* key) {
  std::array<char, 32> group{};
  return EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
         std::string_view(group.data()) == SN_X9_62_prime256v1;
}

// Whether the numbers are in range and the public point is the private number's.
bool IsConsistent(EVP_PKEY* key) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr), EVP_PKEY_CTX_free);
  return context != nullptr && EVP_PKEY_check(context.get()) == 1;
}

// The DER SubjectPublicKeyInfo, whose point is uncompressed whatever the key was read from.
std::string SpkiOf(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    Require(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                           OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED) == 1,
            "cannot write an uncompressed point");
  }
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  Require(size > 0, "cannot encode a public key");
  std::string spki(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return spki;
}

}  // namespace

PrivateKey::PrivateKey(std::shared_ptr<evp_pkey_st> key, PublicKey public_key)
    : key_(std::move(key)), public_key_(std::move(public_key)) {}

absl::StatusOr<PrivateKey> PrivateKey::FromEvp(std::shared_ptr<evp_pkey_st> key) {
  ASSIGN_OR_RETURN(PublicKey public_key, PublicKey::FromSpki(SpkiOf(key.get())));
  return PrivateKey(std::move(key), std::move(public_key));
}

PrivateKey PrivateKey::Generate(Algorithm algorithm) {
  auto key =
      Own(algorithm == Algorithm::kEd25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                           : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  Require(key != nullptr, "cannot generate a key");
  absl::StatusOr<PrivateKey> made = FromEvp(std::move(key));
  Require(made.ok(), "a generated key is unsound");
  return *std::move(made);
}

PrivateKey PrivateKey::FromEd25519Seed(const Secret& seed) {
  auto key = Own(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(seed.view()), Secret::kSize));
  Require(key != nullptr, "Ed25519 is not available");
  // A seed's public point is a multiple of the base point by a number that is not zero modulo its
  // prime order: never of small order.
  absl::StatusOr<PrivateKey> made = FromEvp(std::move(key));
  Require(made.ok(), "a key from a seed is unsound");
  return *std::move(made);
}

absl::StatusOr<PrivateKey> PrivateKey::FromPem(std::string_view text) {
  ASSIGN_OR_RETURN(std::string der, DecodePem(kPemLabel, text));
  if (der.size() == kEd25519Prefix.size() + Secret::kSize &&
      std::string_view(der).substr(0, kEd25519Prefix.size()) == kEd25519Prefix) {
    const Secret seed = *Secret::FromBytes(std::string_view(der).substr(kEd25519Prefix.size()));
    Wipe(der);
    return FromEd25519Seed(seed);
  }
  std::shared_ptr<EVP_PKEY> key = ReadEcKey(der);
  Wipe(der);
  if (key == nullptr || !IsP256(key.get()) || !IsConsistent(key.get())) return Malformed();
  return FromEvp(std::move(key));
}

std::string PrivateKey::ToPem() const {
  std::string der;
  if (algorithm() == Algorithm::kEd25519) {
    std::array<unsigned char, Secret::kSize> seed;
    size_t size = seed.size();
    Require(
        EVP_PKEY_get_raw_private_key(key_.get(), seed.data(), &size) == 1 && size == seed.size(),
        "cannot read an Ed25519 key");
    der.reserve(kEd25519Prefix.size() + seed.size());
    der.append(kEd25519Prefix).append(reinterpret_cast<const char*>(seed.data()), seed.size());
    Wipe(seed.data(), seed.size());
  } else {
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(
        EVP_PKEY2PKCS8(key_.get()), PKCS8_PRIV_KEY_INFO_free);
    unsigned char* bytes = nullptr;
    const int size = info == nullptr ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info.get(), &bytes);
    Require(size > 0, "cannot encode a private key");
    der.assign(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
    OPENSSL_clear_free(bytes, static_cast<size_t>(size));
  }
  std::string pem = EncodePem(kPemLabel, der);
  Wipe(der);
  return pem;
}

std::string PrivateKey::Sign(std::string_view message) const {
  const bool is_ed25519 = algorithm() == Algorithm::kEd25519;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  std::array<unsigned char, 80> native;  // Ed25519: 64 bytes; ECDSA as DER: at most 72.
  size_t size = native.size();
  Require(
      context != nullptr &&
          EVP_DigestSignInit_ex(context.get(), nullptr, is_ed25519 ? nullptr : "SHA256", nullptr,
                                nullptr, key_.get(), nullptr) == 1 &&
          EVP_DigestSign(context.get(), native.data(), &size, Bytes(message), message.size()) == 1,
      "cannot sign");
  const std::string_view signature(reinterpret_cast<const char*>(native.data()), size);
  if (is_ed25519) return std::string(signature);
  absl::StatusOr<std::string> fixed = EcdsaFromDer(signature);
  Require(fixed.ok(), "a signature just made is malformed");
  return *std::move(fixed);
}

}  // namespace consent::crypto
