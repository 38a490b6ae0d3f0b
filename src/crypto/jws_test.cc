// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/jws.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;

// RFC 8037, appendix A.
PrivateKey RfcKey() {
  std::string seed;
  absl::WebSafeBase64Unescape("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", &seed);
  return PrivateKey::FromEd25519Seed(*Secret::FromBytes(seed));
}

TEST(JwsTest, ThumbprintIsThatOfTheSpecification) {
  const std::string jwk = JwkOf(RfcKey().public_key());
  EXPECT_THAT(jwk, HasSubstr(R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")"));
  EXPECT_THAT(jwk, HasSubstr(R"("kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")"));
}

TEST(JwsTest, WhatIsSignedVerifies) {
  const std::string token = *SignJws("t+jwt", R"({"a":1})", RfcKey());
  EXPECT_THAT(VerifyJws("t+jwt", token, RfcKey().public_key()), IsOkAndHolds(R"({"a":1})"));
}

TEST(JwsTest, AnotherTypeOrKeyIsRefused) {
  const std::string token = *SignJws("t+jwt", "{}", RfcKey());
  EXPECT_THAT(VerifyJws("u+jwt", token, RfcKey().public_key()),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(VerifyJws("t+jwt", token, PrivateKey::Generate(Algorithm::kEd25519).public_key()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(JwsTest, NoAlgorithmAtAllIsRefused) {
  const std::string none = absl::WebSafeBase64Escape(R"({"alg":"none"})") + ".e30.";
  EXPECT_THAT(VerifyJws("t+jwt", none, RfcKey().public_key()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(JwsTest, NoBitCanChangeUnnoticed) {
  const std::string token = *SignJws("t+jwt", R"({"contact":"tel:+33639980001"})", RfcKey());
  const PublicKey key = RfcKey().public_key();
  for (size_t i = 0; i < token.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string other = token;
      other[i] = static_cast<char>(other[i] ^ (1 << bit));
      EXPECT_FALSE(VerifyJws("t+jwt", other, key).ok()) << "byte " << i << ", bit " << bit;
    }
    EXPECT_FALSE(VerifyJws("t+jwt", token.substr(0, i), key).ok()) << "cut at " << i;
  }
  EXPECT_FALSE(VerifyJws("t+jwt", token + "=", key).ok());
  EXPECT_FALSE(VerifyJws("t+jwt", token + ".", key).ok());
}

}  // namespace
}  // namespace consent::crypto
