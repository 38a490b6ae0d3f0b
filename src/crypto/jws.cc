// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/jws.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/base64url.h"
#include "src/crypto/hash.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

std::string RawOf(const PublicKey& key) {
  absl::StatusOr<std::string> raw = key.RawEd25519();
  Require(raw.ok(), "a JSON Web Signature with a key that is not Ed25519");
  return *std::move(raw);
}

// The members that a thumbprint is made of, in the order of RFC 7638.
std::string ThumbprintOf(const PublicKey& key) {
  return Base64Url(
      Sha256({absl::StrCat(R"({"crv":"Ed25519","kty":"OKP","x":")", Base64Url(RawOf(key)), "\"}")})
          .view());
}

std::string HeaderOf(std::string_view type, const PublicKey& key) {
  return Base64Url(absl::StrCat(R"({"alg":"EdDSA","kid":")", ThumbprintOf(key), R"(","typ":")",
                                std::string(type), "\"}"));
}

}  // namespace

absl::StatusOr<std::string> SignJws(std::string_view type, std::string_view payload,
                                    const SigningKey& key) {
  std::string token = absl::StrCat(HeaderOf(type, key.public_key()), ".", Base64Url(payload));
  ASSIGN_OR_RETURN(const std::string signature, key.Sign(token));
  absl::StrAppend(&token, ".", Base64Url(signature));
  return token;
}

absl::StatusOr<std::string> VerifyJws(std::string_view type, std::string_view token,
                                      const PublicKey& key) {
  if (token.size() > kJwsBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected at most ", kJwsBytesMax, " bytes, found ", token.size()));
  }
  const size_t first = token.find('.');
  const size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) {
    return absl::InvalidArgumentError("expected three parts with a dot between");
  }
  if (token.substr(0, first) != HeaderOf(type, key)) {
    return absl::InvalidArgumentError(
        "the header names another key, type or algorithm than was expected");
  }
  ASSIGN_OR_RETURN(std::string payload, FromBase64Url(token.substr(first + 1, second - first - 1)));
  ASSIGN_OR_RETURN(const std::string signature, FromBase64Url(token.substr(second + 1)));
  RETURN_IF_ERROR(key.Verify(token.substr(0, second), signature));
  return payload;
}

std::string JwkOf(const PublicKey& key) {
  return absl::StrCat(R"({"kty":"OKP","crv":"Ed25519","x":")", Base64Url(RawOf(key)),
                      R"(","kid":")", ThumbprintOf(key), R"(","alg":"EdDSA","use":"sig"})");
}

}  // namespace consent::crypto
