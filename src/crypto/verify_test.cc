// SPDX-License-Identifier: Apache-2.0
//
// Which signatures verify. Vectors: RFC 8032, 7.1 (tests 1 to 3) and RFC 6979, A.2.5 (SHA-256).

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"
#include "src/crypto/ecdsa_signature.h"
#include "src/crypto/private_key.h"
#include "src/crypto/public_key.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;

constexpr auto kMalformed = absl::StatusCode::kInvalidArgument;
constexpr auto kForged = absl::StatusCode::kPermissionDenied;

std::string Bytes(std::string_view hex) { return absl::HexStringToBytes(std::string(hex)); }

const PrivateKey& Signer(Algorithm algorithm) {
  static const PrivateKey& ed25519 = *new PrivateKey(PrivateKey::Generate(Algorithm::kEd25519));
  static const PrivateKey& p256 = *new PrivateKey(PrivateKey::Generate(Algorithm::kEcdsaP256));
  return algorithm == Algorithm::kEd25519 ? ed25519 : p256;
}

struct Vector {
  std::string seed, key, message, signature;
};

TEST(VerifyEd25519Test, SignsAndVerifiesAsTheStandard) {
  const std::vector<Vector> vectors = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf"
       "9"
       "b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f"
       "1"
       "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984"
       "d"
       "c6594a7c15e9716ed28dc027beceea1ec40a"}};
  for (const Vector& v : vectors) {
    const PrivateKey key = PrivateKey::FromEd25519Seed(*Secret::FromBytes(Bytes(v.seed)));
    EXPECT_THAT(key.public_key().RawEd25519(), IsOkAndHolds(Bytes(v.key)));
    EXPECT_EQ(key.Sign(Bytes(v.message)), Bytes(v.signature));
    EXPECT_OK(key.public_key().Verify(Bytes(v.message), Bytes(v.signature)));
    EXPECT_THAT(key.public_key().Verify("another", Bytes(v.signature)), StatusIs(kForged));
  }
}

TEST(VerifyEd25519Test, ASecondFormOfASignatureIsRefused) {
  // S + L stands for the same number as S; a verifier that reduces it would take both.
  const std::string order =
      Bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  std::string signature = Signer(Algorithm::kEd25519).Sign("message");
  int carry = 0;
  for (size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned char>(signature[32 + i]) + static_cast<unsigned char>(order[i]);
    signature[32 + i] = static_cast<char>(carry);
    carry >>= 8;
  }
  EXPECT_THAT(Signer(Algorithm::kEd25519).public_key().Verify("message", signature),
              StatusIs(kMalformed, HasSubstr("S not below the group order")));
}

const std::string kP256Spki = Bytes(
    "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
    "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
// For "sample": its s is high, as the standard makes it. For "test": its s is low.
const std::string kSampleHigh = Bytes(
    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
const std::string kTestLow = Bytes(
    "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
    "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083");

TEST(VerifyEcdsaTest, TakesTheStandardsSignatureInItsLowForm) {
  ASSERT_OK_AND_ASSIGN(const PublicKey key, PublicKey::FromSpki(kP256Spki));
  EXPECT_OK(key.Verify("test", kTestLow));
  EXPECT_THAT(key.Verify("sample", kSampleHigh),
              StatusIs(kMalformed, HasSubstr("expected the low-S form")));
  ASSERT_OK_AND_ASSIGN(const std::string low, ToLowS(kSampleHigh));
  EXPECT_OK(key.Verify("sample", low));
  EXPECT_THAT(key.Verify("sample", kTestLow), StatusIs(kForged));
}

TEST(VerifyEcdsaTest, TakesNoDer) {
  const PrivateKey& signer = Signer(Algorithm::kEcdsaP256);
  EXPECT_THAT(signer.public_key().Verify("m", EcdsaToDer(signer.Sign("m"))),
              StatusIs(kMalformed, HasSubstr("expected 64 bytes")));
}

TEST(VerifyEcdsaTest, NumbersOutOfRangeNeverVerify) {
  const PublicKey& key = Signer(Algorithm::kEcdsaP256).public_key();
  const std::string zero(32, '\0');
  const std::string one = std::string(31, '\0') + '\1';
  const std::string order =
      Bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
  for (const std::string& r : {zero, one, order}) {
    for (const std::string& s : {zero, one, order}) {
      EXPECT_THAT(key.Verify("m", r + s), StatusIs(r == one && s == one ? kForged : kMalformed));
    }
  }
}

// Both algorithms.
class VerifyTest : public testing::TestWithParam<Algorithm> {};
INSTANTIATE_TEST_SUITE_P(Both, VerifyTest,
                         testing::Values(Algorithm::kEd25519, Algorithm::kEcdsaP256),
                         [](const auto& info) {
                           return info.param == Algorithm::kEd25519 ? "Ed25519" : "EcdsaP256";
                         });

TEST_P(VerifyTest, WhatIsSignedVerifies) {
  for (const size_t size : {0, 1, 63, 64, 1000, 100000}) {
    const std::string message(size, 'm');
    const std::string signature = Signer(GetParam()).Sign(message);
    EXPECT_EQ(signature.size(), kSignatureBytes);
    const PublicKey& key = Signer(GetParam()).public_key();
    EXPECT_OK(key.Verify(message, signature));
    EXPECT_THAT(PublicKey::OfSigner(key.spki(), message, signature), IsOkAndHolds(key));
    EXPECT_THAT(PublicKey::OfSigner(key.spki(), message + "x", signature), StatusIs(kForged));
    EXPECT_THAT(PublicKey::OfSigner(key.spki(), message, signature.substr(1)),
                StatusIs(kMalformed));
  }
  EXPECT_OK(Signer(GetParam()).public_key().Verify({}, Signer(GetParam()).Sign({})));
}

TEST_P(VerifyTest, ManySignaturesAreInTheirOneForm) {
  // A signer that forgot to bring s down would pass one time in two, and 64 never.
  for (int i = 0; i < 64; ++i) {
    const std::string message = std::to_string(i);
    EXPECT_OK(Signer(GetParam()).public_key().Verify(message, Signer(GetParam()).Sign(message)));
  }
}

TEST_P(VerifyTest, NoBitOfTheSignatureMayChange) {
  const std::string signature = Signer(GetParam()).Sign("message");
  for (size_t bit = 0; bit < signature.size() * 8; bit += 3) {
    std::string other = signature;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(Signer(GetParam()).public_key().Verify("message", other).ok()) << bit;
  }
}

TEST_P(VerifyTest, NothingOfTheMessageMayChange) {
  const std::string signature = Signer(GetParam()).Sign("message");
  const PublicKey& key = Signer(GetParam()).public_key();
  for (const char* message : {"", "messag", "message ", "Message", "messagf"}) {
    EXPECT_THAT(key.Verify(message, signature), StatusIs(kForged)) << message;
  }
  EXPECT_THAT(key.Verify(std::string("message\0", 8), signature), StatusIs(kForged));
}

TEST_P(VerifyTest, AnotherKeysSignatureIsRefused) {
  const PrivateKey other = PrivateKey::Generate(GetParam());
  EXPECT_THAT(other.public_key().Verify("message", Signer(GetParam()).Sign("message")),
              StatusIs(kForged));
}

TEST_P(VerifyTest, TheOtherAlgorithmsSignatureIsRefused) {
  const Algorithm other =
      GetParam() == Algorithm::kEd25519 ? Algorithm::kEcdsaP256 : Algorithm::kEd25519;
  EXPECT_FALSE(
      Signer(other).public_key().Verify("message", Signer(GetParam()).Sign("message")).ok());
}

TEST_P(VerifyTest, OtherLengthsAreRefused) {
  const std::string signature = Signer(GetParam()).Sign("message");
  const PublicKey& key = Signer(GetParam()).public_key();
  EXPECT_THAT(key.Verify("message", ""), StatusIs(kMalformed));
  EXPECT_THAT(key.Verify("message", signature.substr(1)), StatusIs(kMalformed));
  EXPECT_THAT(key.Verify("message", signature.substr(0, 63)), StatusIs(kMalformed));
  EXPECT_THAT(key.Verify("message", signature + '\0'), StatusIs(kMalformed));
  EXPECT_THAT(key.Verify("message", signature + signature), StatusIs(kMalformed));
}

TEST_P(VerifyTest, ZerosAreRefused) {
  EXPECT_FALSE(Signer(GetParam()).public_key().Verify("message", std::string(64, '\0')).ok());
}

}  // namespace
}  // namespace consent::crypto
