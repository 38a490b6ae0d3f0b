// SPDX-License-Identifier: Apache-2.0
//
// TestIssuer: issues bearer tokens, good ones and others. Test code only.

#ifndef CONSENT_CRYPTO_TEST_ISSUER_H_
#define CONSENT_CRYPTO_TEST_ISSUER_H_

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/crypto/base64url.h"
#include "src/crypto/private_key.h"

namespace consent::crypto {

class TestIssuer {
 public:
  explicit TestIssuer(std::string kid, Algorithm algorithm = Algorithm::kEd25519)
      : kid_(std::move(kid)), key_(PrivateKey::Generate(algorithm)) {}

  // The public key; `more` such as R"(,"use":"enc")".
  std::string Jwk(const std::string& more = "") const {
    const std::string& spki = key_.public_key().spki();
    const std::string last = spki.substr(spki.size() - 32);
    const std::string kid = absl::StrCat(R"("kid":")", kid_, "\"", more, "}");
    if (key_.algorithm() == Algorithm::kEd25519) {
      return absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","x":")", Base64Url(last), "\",", kid);
    }
    return absl::StrCat(R"({"kty":"EC","crv":"P-256","x":")",
                        Base64Url(spki.substr(spki.size() - 64, 32)), R"(","y":")", Base64Url(last),
                        "\",", kid);
  }
  static std::string Set(const std::string& jwks) {
    return absl::StrCat(R"({"keys":[)", jwks, "]}");
  }

  std::string Token(const std::string& claims) const { return Token(Header(), claims); }
  std::string Token(const std::string& header, const std::string& claims) const {
    std::string token = absl::StrCat(Base64Url(header), ".", Base64Url(claims));
    const std::string signature = key_.Sign(token);
    absl::StrAppend(&token, ".", Base64Url(signature));
    return token;
  }
  std::string Header() const {
    const bool edwards = key_.algorithm() == Algorithm::kEd25519;
    return absl::StrCat(R"({"alg":")", edwards ? "EdDSA" : "ES256", R"(","kid":")", kid_,
                        R"(","typ":"JWT"})");
  }

 private:
  const std::string kid_;
  const PrivateKey key_;
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_TEST_ISSUER_H_
