// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/token.h"

#include <rapidcheck/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"
#include "src/crypto/aead.h"
#include "src/crypto/hkdf.h"

namespace consent::crypto {
namespace {

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

Secret Any(char c = 's') { return *Secret::FromBytes(std::string(32, c)); }
const TokenKey& Permits() {
  static const TokenKey& key = *new TokenKey(Any(), "permit");
  return key;
}

// Golden: a token given out must open under every later version.
TEST(TokenTest, HasTheseBytesForEver) {
  EXPECT_EQ(absl::BytesToHexString(Permits().SealToken("shard 1, position 41")),
            "8688f753158c39cd36608d34aa6490c42fd7b7b6e27be5804c973df42db1b306134e05085b661a51c34bab"
            "7b8e31eef4");
}

TEST(TokenTest, IsBuiltAsTheHeaderSays) {
  const std::string plaintext = "some words";
  const HmacKey mac_key(DeriveKey(Any(), std::string("consent token mac v1\0permit", 27)));
  const Secret seal_key = DeriveKey(Any(), std::string("consent token seal v1\0permit", 28));
  const Nonce nonce = *Nonce::FromBytes(mac_key.Mac(plaintext).str().substr(0, 12));
  EXPECT_EQ(Permits().SealToken(plaintext), nonce.str() + Seal(seal_key, nonce, "", plaintext));
}

RC_GTEST_PROP(TokenTest, OpensToWhatItWasMadeOf, (const std::string& plaintext)) {
  const std::string token = Permits().SealToken(plaintext);
  RC_ASSERT(token.size() == plaintext.size() + kTokenOverheadBytes);
  const auto opened = Permits().OpenToken(token);
  RC_ASSERT(opened.ok());
  RC_ASSERT(*opened == plaintext);
}

RC_GTEST_PROP(TokenTest, IsTheSameForTheSamePlaintextOnly,
              (const std::string& a, const std::string& b)) {
  RC_ASSERT(Permits().SealToken(a) == TokenKey(Any(), "permit").SealToken(a));
  RC_ASSERT((Permits().SealToken(a) == Permits().SealToken(b)) == (a == b));
}

RC_GTEST_PROP(TokenTest, NoBitMayChange, (const std::string& plaintext)) {
  std::string token = Permits().SealToken(plaintext);
  const auto bit = *rc::gen::inRange<size_t>(0, token.size() * 8);
  token[bit / 8] = static_cast<char>(token[bit / 8] ^ (1 << (bit % 8)));
  RC_ASSERT(Permits().OpenToken(token).status().code() == kRefused);
}

TEST(TokenTest, EveryCutIsRefused) {
  const std::string token = Permits().SealToken("plaintext");
  for (size_t size = 0; size < token.size(); ++size) {
    EXPECT_THAT(Permits().OpenToken(token.substr(0, size)), StatusIs(kRefused)) << size;
    EXPECT_THAT(Permits().OpenToken(token.substr(token.size() - size)), StatusIs(kRefused)) << size;
  }
  EXPECT_THAT(Permits().OpenToken(token + "x"), StatusIs(kRefused));
}

TEST(TokenTest, OfAnotherSecretOrPurposeIsRefused) {
  const std::string token = Permits().SealToken("plaintext");
  EXPECT_THAT(TokenKey(Any('t'), "permit").OpenToken(token), StatusIs(kRefused));
  EXPECT_THAT(TokenKey(Any(), "subject").OpenToken(token), StatusIs(kRefused));
  EXPECT_THAT(TokenKey(Any(), "").OpenToken(token), StatusIs(kRefused));
}

TEST(TokenTest, OfTheRightKeyButAnotherNonceIsRefused) {
  // Only who holds the keys can make one; were it taken, a plaintext would have many tokens.
  const Secret seal_key = DeriveKey(Any(), std::string("consent token seal v1\0permit", 28));
  const Nonce nonce;
  EXPECT_THAT(Permits().OpenToken(nonce.str() + Seal(seal_key, nonce, "", "plaintext")),
              StatusIs(kRefused));
}

TEST(TokenTest, MayBeAsLongAsItsLimit) {
  const std::string longest(kMaxTokenPlaintextBytes, 'x');
  EXPECT_THAT(Permits().OpenToken(Permits().SealToken(longest)), IsOkAndHolds(longest));
}

TEST(TokenDeathTest, APlaintextAboveTheLimitEndsTheProcess) {
  EXPECT_DEATH(Permits().SealToken(std::string(kMaxTokenPlaintextBytes + 1, 'x')), "too long");
}

}  // namespace
}  // namespace consent::crypto
