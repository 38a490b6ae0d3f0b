// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/jwk_set.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/crypto/test_issuer.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;

// Made once by the openssl program: {"a":1} signed with RSA.
constexpr char kRsaModulus[] =
    "rM0Bhe92Y5YRAfQSk-tsYREGniqKx5J4cXFe2KNU7Je4WhVOhf2qqkw1tY-e7JEGxYk-czS4NAfvrNfEL870e_Od"
    "DQPodXMoICwQ30zwB0_FVG2Wt2IdL537yZ3rBh4n0fbFVX9LDVg8IrNB7kkgCUCFw6lsw8kzlA8l1bLgv_kXcd-g"
    "46X589ntIuONmfpLa9lmOs6cRlRtdkiVoAwNSNJam0qzh_VcbHJaaeTYX0A2_9RHy0pqCNwhW62Vs4fDxFxaqCQV"
    "sE4E5fQGQ82s6u4M40y5lircaIhiN8peTb5-uPmjD9gBbR4J9Zc-uGSVqAvivFh7hCuvul82Dk6wMw";
constexpr char kRsaToken[] =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJhIjoxfQ.owLSt5A2vB8Ld3sN5jI5lTPWZMjKHX9yXMVJN-QW"
    "vRzPrUKOIDBxbSaOeEeR4B4RDmyPVnOJAYNS8z5cMPyu960OO5YdLBEd843p62MdixcY8hDHkogwn53v2TlQJ5m2"
    "5ek20_UAwTbDkCAXy_L5i6e48MWwtLBvJKM_GxQt3yvMkWKn2Di_fzxkYpBOlIJghKydYD123VOct-t1Ugu8oFe9"
    "vcaYNQmUjvcHE1sqD1Vd-NAfoeBxYTxyFAPaZpge6xFl8eMt54GZfRAnb19ikDUMASTurIUTy6w0-nlqNEOnXUo2"
    "R-StajnJWM6sV4Fq-dxDMIisrnW1sB40gJuHSw";

JwkSet SetOf(const std::string& jwks) { return *JwkSet::Parse(TestIssuer::Set(jwks)); }

TEST(JwkSetTest, EachAlgorithmVerifies) {
  for (const Algorithm algorithm : {Algorithm::kEd25519, Algorithm::kEcdsaP256}) {
    const TestIssuer issuer("one", algorithm);
    // Of ECDSA half of all signatures are in the other form.
    for (int i = 0; i < 8; ++i) {
      EXPECT_THAT(SetOf(issuer.Jwk()).Verify(issuer.Token(R"({"a":1})")),
                  IsOkAndHolds(R"({"a":1})"));
    }
  }
  const JwkSet rsa = SetOf(absl::StrCat(
      R"({"kty":"RSA","kid":"rsa","alg":"RS256","e":"AQAB","n":")", kRsaModulus, "\"}"));
  EXPECT_THAT(rsa.Verify(kRsaToken), IsOkAndHolds(R"({"a":1})"));
  std::string other = kRsaToken;
  other[other.size() - 20] = other[other.size() - 20] == 'A' ? 'B' : 'A';
  EXPECT_THAT(rsa.Verify(other), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(JwkSetTest, TheKeySaysTheAlgorithmAndNotTheToken) {
  const TestIssuer issuer("one");
  const JwkSet set = SetOf(issuer.Jwk());
  for (const char* algorithm : {"none", "None", "HS256", "ES256", "RS256", "eddsa", ""}) {
    const std::string header = absl::StrCat(R"({"alg":")", algorithm, R"(","kid":"one"})");
    EXPECT_THAT(set.Verify(issuer.Token(header, "{}")),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << algorithm;
    EXPECT_FALSE(set.Verify(absl::StrCat(Base64Url(header), ".e30.")).ok()) << algorithm;
  }
}

TEST(JwkSetTest, UnknownKeysAndFalseSignaturesAreRefused) {
  const TestIssuer issuer("one");
  const TestIssuer same_name("one");
  const TestIssuer stranger("two");
  const JwkSet set = SetOf(issuer.Jwk());
  EXPECT_THAT(set.Verify(stranger.Token("{}")), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(set.Verify(same_name.Token("{}")), StatusIs(absl::StatusCode::kPermissionDenied));
  const std::string token = issuer.Token("{}");
  EXPECT_THAT(set.Verify(token + "."), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(set.Verify(token + "="), StatusIs(absl::StatusCode::kInvalidArgument));
  for (size_t i = 0; i < token.size(); i += 3) {
    std::string damaged = token;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(set.Verify(damaged).ok()) << i;
  }
}

TEST(JwkSetTest, HeadersThatAskForMoreAreRefused) {
  const TestIssuer issuer("one");
  const JwkSet set = SetOf(issuer.Jwk());
  for (const char* header :
       {R"({"alg":"EdDSA"})", R"({"kid":"one"})", R"([])", R"({"alg":1,"kid":"one"})",
        R"({"alg":"EdDSA","kid":"one","crit":["b64"],"b64":false})",
        R"({"alg":"EdDSA","kid":"one","typ":"consent-permit+jwt"})",
        R"({"alg":"EdDSA","kid":"one","kid":"one"})"}) {
    EXPECT_THAT(set.Verify(issuer.Token(header, "{}")),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << header;
  }
  EXPECT_THAT(set.Verify(issuer.Token(R"({"alg":"EdDSA","kid":"one","typ":"at+jwt"})", "{}")),
              IsOk());
}

TEST(JwkSetTest, SetsThatCannotBeBelievedAreNamed) {
  const TestIssuer issuer("one");
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"", "JSON"},
      {"{}", "JSON Web Key Set"},
      {TestIssuer::Set(""), "expected 1 to 64 keys"},
      {TestIssuer::Set(R"({"kty":"oct","kid":"a","k":"AAAA"})"), "keys[0]: expected a public key"},
      {TestIssuer::Set(issuer.Jwk(R"(,"d":"AAAA")")), "keys[0]: expected a public key"},
      {TestIssuer::Set(issuer.Jwk() + "," + issuer.Jwk()), "keys[1]: expected each kid once"},
      {TestIssuer::Set(issuer.Jwk(R"(,"use":"enc")")), "expected 1 to 64 keys"},
      {TestIssuer::Set(issuer.Jwk(R"(,"alg":"RS512")")), "expected 1 to 64 keys"},
      {TestIssuer::Set(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA","kid":"a"})"), "keys[0]:"},
      {TestIssuer::Set(R"({"kty":"RSA","kid":"a","e":"AQAB","n":"wQ"})"), "n: expected a modulus"},
      {TestIssuer::Set(
           absl::StrCat(R"({"kty":"RSA","kid":"a","e":"Aw","n":")", kRsaModulus, "\"}")),
       "e: expected an odd exponent"},
      {TestIssuer::Set(TestIssuer("").Jwk()), "keys[0]: expected the member kid"},
  };
  for (const auto& [json, message] : faults) {
    EXPECT_THAT(JwkSet::Parse(json),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << json;
  }
  // What is for something else is passed over.
  EXPECT_EQ(SetOf(issuer.Jwk() + R"(,{"kty":"OKP","crv":"X25519","x":"AA","kid":"x"})").size(), 1u);
}

}  // namespace
}  // namespace consent::crypto
