// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/jwk_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/json.h"
#include "src/base/status_macros.h"
#include "src/crypto/base64url.h"
#include "src/crypto/ecdsa_signature.h"
#include "src/crypto/public_key.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

constexpr size_t kCoordinateBytes = 32;
constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;
constexpr size_t kExponentBytesMax = 4;
constexpr uint32_t kExponentMin = 65537;
constexpr size_t kKidBytesMax = 256;
// What SubjectPublicKeyInfo puts before the x and y of a P-256 key.
constexpr std::string_view kP256Prefix(
    "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
    "\x03\x42\x00\x04",
    27);

absl::Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

const unsigned char* Bytes(std::string_view s) {
  return reinterpret_cast<const unsigned char*>(s.data() == nullptr ? "" : s.data());
}

absl::StatusOr<std::string> Member(const Json& jwk, const char* name) {
  const std::string* const text = jwk.FindText(name);
  if (text == nullptr) return Wrong(absl::StrCat("expected the member ", name));
  absl::StatusOr<std::string> bytes = FromBase64Url(*text);
  if (!bytes.ok()) return Wrong(absl::StrCat(name, ": ", std::string(bytes.status().message())));
  return bytes;
}

absl::StatusOr<std::shared_ptr<EVP_PKEY>> RsaKey(const std::string& n, const std::string& e) {
  uint32_t exponent = 0;
  for (const char c : e) exponent = (exponent << 8) | static_cast<unsigned char>(c);
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> modulus(
      BN_bin2bn(Bytes(n), static_cast<int>(n.size()), nullptr), BN_free);
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> power(BN_new(), BN_free);
  Require(modulus != nullptr && power != nullptr && BN_set_word(power.get(), exponent) == 1,
          "no memory for a key");
  const int bits = BN_num_bits(modulus.get());
  if (bits < kRsaBitsMin || bits > kRsaBitsMax || n[0] == '\0' || BN_is_odd(modulus.get()) != 1) {
    return Wrong(absl::StrCat("n: expected a modulus of ", kRsaBitsMin, " to ", kRsaBitsMax,
                              " bits, found ", bits));
  }
  if (e.empty() || e.size() > kExponentBytesMax || exponent < kExponentMin || exponent % 2 == 0) {
    return Wrong("e: expected an odd exponent from 65537, in at most 4 bytes");
  }
  const std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)> builder(
      OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free);
  Require(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
              OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, power.get()) == 1,
          "no memory for a key");
  const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters(
      OSSL_PARAM_BLD_to_param(builder.get()), OSSL_PARAM_free);
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr), EVP_PKEY_CTX_free);
  EVP_PKEY* key = nullptr;
  Require(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1, "RSA is not available");
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    ERR_clear_error();
    return Wrong("expected an RSA key");
  }
  return std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free);
}

bool VerifyRsa(EVP_PKEY* key, std::string_view message, std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  Require(context != nullptr && EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr,
                                                        nullptr, key, nullptr) == 1,
          "cannot start to verify");
  const bool good = EVP_DigestVerify(context.get(), Bytes(signature), signature.size(),
                                     Bytes(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace

class JwkSet::Key {
 public:
  // Null for keys that are for something else.
  static absl::StatusOr<std::shared_ptr<const Key>> Read(const Json& jwk) {
    if (jwk.object() == nullptr) return Wrong("expected an object");
    for (const char* secret : {"d", "k", "p", "q"}) {
      if (jwk.Find(secret) != nullptr) return Wrong("expected a public key, found a secret one");
    }
    const std::string* const use = jwk.FindText("use");
    const std::string* const type = jwk.FindText("kty");
    const std::string* const curve = jwk.FindText("crv");
    if (type == nullptr) return Wrong("expected the member kty");
    if (jwk.Find("use") != nullptr && (use == nullptr || *use != "sig")) return nullptr;
    auto key = std::make_shared<Key>();
    if (*type == "OKP" && curve != nullptr && *curve == "Ed25519") {
      ASSIGN_OR_RETURN(const std::string x, Member(jwk, "x"));
      ASSIGN_OR_RETURN(key->ours_, PublicKey::FromRawEd25519(x));
      key->algorithm_ = "EdDSA";
    } else if (*type == "EC" && curve != nullptr && *curve == "P-256") {
      ASSIGN_OR_RETURN(const std::string x, Member(jwk, "x"));
      ASSIGN_OR_RETURN(const std::string y, Member(jwk, "y"));
      if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) {
        return Wrong("x, y: expected 32 bytes each");
      }
      ASSIGN_OR_RETURN(key->ours_,
                       PublicKey::FromSpki(absl::StrCat(std::string(kP256Prefix), x, y)));
      key->algorithm_ = "ES256";
    } else if (*type == "RSA") {
      ASSIGN_OR_RETURN(const std::string n, Member(jwk, "n"));
      ASSIGN_OR_RETURN(const std::string e, Member(jwk, "e"));
      ASSIGN_OR_RETURN(key->rsa_, RsaKey(n, e));
      key->algorithm_ = "RS256";
    } else {
      return nullptr;
    }
    // A key that says what it is for is for nothing else: PS256, say, or RS512.
    const std::string* const algorithm = jwk.FindText("alg");
    if (algorithm != nullptr && *algorithm != key->algorithm_) return nullptr;
    return key;
  }

  std::string_view algorithm() const { return algorithm_; }

  bool Verifies(std::string_view message, std::string_view signature) const {
    if (rsa_ != nullptr) return VerifyRsa(rsa_.get(), message, signature);
    if (ours_->algorithm() == Algorithm::kEd25519) return ours_->Verify(message, signature).ok();
    // Issuers do not know of our one form; a token is no identifier, so either will do.
    const absl::StatusOr<std::string> low = ToLowS(signature);
    return low.ok() && ours_->Verify(message, *low).ok();
  }

 private:
  std::string_view algorithm_;
  std::optional<PublicKey> ours_;  // Ed25519 or P-256.
  std::shared_ptr<EVP_PKEY> rsa_;  // Or this.
};

absl::StatusOr<JwkSet> JwkSet::Parse(std::string_view json) {
  if (json.size() > kBytesMax) return Wrong(absl::StrCat("expected at most ", kBytesMax, " bytes"));
  ASSIGN_OR_RETURN(const Json set, Json::Parse(json));
  const Json* const member = set.Find("keys");
  if (member == nullptr || member->array() == nullptr) {
    return Wrong("expected a JSON Web Key Set: an object with the array `keys`");
  }
  JwkSet read;
  for (size_t i = 0; i < member->array()->size(); ++i) {
    const Json& jwk = (*member->array())[i];
    absl::StatusOr<std::shared_ptr<const Key>> key = Key::Read(jwk);
    if (!key.ok()) {
      return Wrong(absl::StrCat("keys[", i, "]: ", std::string(key.status().message())));
    }
    if (*key == nullptr) continue;
    const std::string* const kid = jwk.FindText("kid");
    if (kid == nullptr || kid->empty() || kid->size() > kKidBytesMax) {
      return Wrong(absl::StrCat("keys[", i, "]: expected the member kid, 1 to 256 bytes"));
    }
    if (!read.keys_.emplace(*kid, *std::move(key)).second) {
      return Wrong(absl::StrCat("keys[", i, "]: expected each kid once"));
    }
  }
  if (read.keys_.empty() || read.keys_.size() > kKeysMax) {
    return Wrong(absl::StrCat("expected 1 to ", kKeysMax, " keys for EdDSA, ES256 or RS256, found ",
                              read.keys_.size()));
  }
  return read;
}

absl::StatusOr<std::string> JwkSet::Verify(std::string_view token) const {
  const size_t first = token.find('.');
  const size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) {
    return Wrong("expected three parts with a dot between");
  }
  ASSIGN_OR_RETURN(const std::string header_text, FromBase64Url(token.substr(0, first)));
  ASSIGN_OR_RETURN(const Json header, Json::Parse(header_text));
  const std::string* const algorithm = header.FindText("alg");
  const std::string* const kid = header.FindText("kid");
  if (algorithm == nullptr || kid == nullptr)
    return Wrong("expected `alg` and `kid` in the header");
  // Extensions that a reader must understand: there are none here.
  if (header.Find("crit") != nullptr) return Wrong("expected no `crit` in the header");
  if (const std::string* const type = header.FindText("typ"); header.Find("typ") != nullptr) {
    if (type == nullptr ||
        (!absl::EqualsIgnoreCase(*type, "JWT") && !absl::EqualsIgnoreCase(*type, "at+jwt"))) {
      return Wrong("expected a token of type JWT or at+jwt");
    }
  }
  const auto key = keys_.find(*kid);
  if (key == keys_.end()) return absl::NotFoundError("the token is signed by an unknown key");
  if (*algorithm != key->second->algorithm()) {
    return Wrong("the token names another algorithm than its key's");
  }
  ASSIGN_OR_RETURN(std::string payload, FromBase64Url(token.substr(first + 1, second - first - 1)));
  ASSIGN_OR_RETURN(const std::string signature, FromBase64Url(token.substr(second + 1)));
  if (!key->second->Verifies(token.substr(0, second), signature)) {
    return absl::PermissionDeniedError("the signature of the token is false");
  }
  return payload;
}

}  // namespace consent::crypto
