// SPDX-License-Identifier: Apache-2.0
//
// Which permits are good, and for which contact.

#include "src/consentctl/permit_check.h"

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/crypto/jws.h"
#include "src/crypto/private_key.h"
#include "src/crypto/secret.h"

namespace consent::ctl {
namespace {

using Kind = PermitVerdict::Kind;

crypto::PrivateKey KeyOf(char seed) {
  return crypto::PrivateKey::FromEd25519Seed(
      *crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, seed)));
}

std::vector<tlog::VerifierKey> Keys(const std::string& name = "ledger.example/1") {
  return {*tlog::MakeVerifierKey(name, tlog::KeyType::kEd25519, KeyOf('k').public_key())};
}

Json Claims() {
  return {{"iss", "ledger.example"},
          {"jti", "permit"},
          {"iat", 1000},
          {"exp", 1300},
          {"contact_point", "tel:+33639980001"},
          {"company", "acme"},
          {"caller_number", "+33199001234"},
          {"channel", "CALL"},
          {"purpose", "DIRECT_MARKETING"}};
}

std::string Token(const Json& claims = Claims(), char seed = 'k') {
  return *crypto::SignJws("consent-permit+jwt", claims.dump(), KeyOf(seed));
}

Kind Check(const PermitUse& use, const std::string& token = Token()) {
  const auto verdict = CheckPermit(token, Keys(), use);
  EXPECT_OK(verdict.status());
  return verdict.ok() ? verdict->kind : Kind::kBadSignature;
}

TEST(PermitCheckTest, AGenuinePermitIsGoodForItsContact) {
  EXPECT_EQ(Check({.at = {1299},
                   .at_is_exact = true,
                   .contact_point = "tel:+33639980001",
                   .caller_number = "+33199001234",
                   .channel = "CALL"}),
            Kind::kGood);
  EXPECT_EQ(Check({.at = {1299}}, Token() + "\n"), Kind::kGood);
}

TEST(PermitCheckTest, APermitEndsAtItsSecond) {
  EXPECT_EQ(Check({.at = {1300}}), Kind::kNotForThis);
}

TEST(PermitCheckTest, AClockALittleBehindIsForgivenButANamedTimeIsNot) {
  EXPECT_EQ(Check({.at = {999}}), Kind::kGood);
  EXPECT_EQ(Check({.at = {999}, .at_is_exact = true}), Kind::kNotForThis);
}

TEST(PermitCheckTest, AnotherContactIsNotAllowed) {
  EXPECT_EQ(Check({.at = {1000}, .contact_point = "tel:+33639980002"}), Kind::kNotForThis);
  EXPECT_EQ(Check({.at = {1000}, .caller_number = "+33199001235"}), Kind::kNotForThis);
  EXPECT_EQ(Check({.at = {1000}, .channel = "SMS"}), Kind::kNotForThis);
}

TEST(PermitCheckTest, APermitThatNamesNoCallerNumberIsForAny) {
  Json claims = Claims();
  claims.erase("caller_number");
  EXPECT_EQ(Check({.at = {1000}, .caller_number = "+33199001235"}, Token(claims)), Kind::kGood);
}

TEST(PermitCheckTest, OnlyAKeyOfThatLedgerCounts) {
  EXPECT_EQ(Check({.at = {1000}}, Token(Claims(), 'x')), Kind::kBadSignature);
  std::string forged = Token();
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
  EXPECT_EQ(Check({.at = {1000}}, forged), Kind::kBadSignature);
  ASSERT_OK_AND_ASSIGN(const PermitVerdict verdict,
                       CheckPermit(Token(), Keys("ledger.example2/1"), {.at = {1000}}));
  EXPECT_EQ(verdict.kind, Kind::kBadSignature);
}

TEST(PermitCheckTest, WhatIsNoPermitIsBadInput) {
  for (const std::string& token :
       {std::string(), std::string("a.b"), std::string("a.b.c d"), std::string(9000, '.')}) {
    EXPECT_THAT(CheckPermit(token, Keys(), {.at = {1000}}),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
  for (const char* claim : {"iss", "exp", "contact_point", "channel"}) {
    Json claims = Claims();
    claims.erase(claim);
    EXPECT_THAT(CheckPermit(Token(claims), Keys(), {.at = {1000}}),
                StatusIs(absl::StatusCode::kInvalidArgument));
  }
}

}  // namespace
}  // namespace consent::ctl
