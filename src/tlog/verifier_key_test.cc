// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/verifier_key.h"

#include <string>

#include "src/base/status_matchers.h"
#include "src/tlog/note.h"
#include "src/tlog/test_keys.h"
#include "src/tlog/text.h"

namespace consent::tlog {
namespace {

using ::testing::HasSubstr;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

TEST(VerifierKeyTest, ReadsTheSpecificationsKey) {
  ASSERT_OK_AND_ASSIGN(const VerifierKey key, ParseVerifierKey(kSpecKey));
  EXPECT_EQ(key.name, "example.com/foo");
  EXPECT_EQ(key.type, KeyType::kEd25519);
  EXPECT_EQ(key.id, 0x530d903au);
  EXPECT_EQ(key.material.size(), kEd25519KeyBytes);
  EXPECT_EQ(key.ToString(), kSpecKey);
}

// As golang.org/x/mod/sumdb/note tries its own: every substring, every byte one higher.
TEST(VerifierKeyTest, EveryManglingIsRefused) {
  std::string key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  ASSERT_OK(ParseVerifierKey(key));
  for (size_t begin = 0; begin <= key.size(); ++begin) {
    for (size_t end = begin + 1; end <= key.size(); ++end) {
      if (end - begin == key.size()) continue;
      ASSERT_THAT(ParseVerifierKey(key.substr(begin, end - begin)), kInvalid);
    }
  }
  for (char& c : key) {
    ++c;
    EXPECT_THAT(ParseVerifierKey(key), kInvalid) << key;
    --c;
  }
}

TEST(VerifierKeyTest, KeysOfAnotherLengthOrTypeAreRefusedWhateverTheirId) {
  EXPECT_THAT(ParseVerifierKey(
                  "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="),
              kInvalid);
  EXPECT_THAT(
      ParseVerifierKey("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("type of verifier key 0x65")));
  EXPECT_THAT(ParseVerifierKey("a+00000000+"), kInvalid);
  EXPECT_THAT(ParseVerifierKey(std::string(kVerifierKeyBytesMax + 1, 'a')), kInvalid);
}

TEST(VerifierKeyTest, AWrongIdIsNamed) {
  std::string key(kSpecKey);
  key[key.find("530d903a")] = '6';
  EXPECT_THAT(ParseVerifierKey(key),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the id of this verifier key is 530d903a")));
  key = kSpecKey;
  key.replace(key.find("530d903a"), 8, "530D903A");
  EXPECT_THAT(ParseVerifierKey(key), kInvalid);
}

TEST(VerifierKeyTest, TheIdDependsOnNameTypeAndKey) {
  const VerifierKey log = TestSigner("a", 1).verifier_key();
  EXPECT_NE(log.id, TestSigner("b", 1).verifier_key().id);
  EXPECT_NE(log.id, TestSigner("a", 2).verifier_key().id);
  EXPECT_NE(log.id, TestWitness("a", 1).verifier_key().id);
  EXPECT_EQ(log, TestSigner("a", 1).verifier_key());
  EXPECT_EQ(*ParseVerifierKey(log.ToString()), log);
  EXPECT_EQ(*ParseVerifierKey(TestWitness("a", 1).verifier_key().ToString()),
            TestWitness("a", 1).verifier_key());
}

// A key with '+' in its base64, which also separates the parts.
TEST(VerifierKeyTest, TheKeyMayHaveWhatSeparates) {
  for (char seed = 1; seed < 120; ++seed) {
    const std::string text = TestSigner("a", seed).verifier_key().ToString();
    ASSERT_OK_AND_ASSIGN(const VerifierKey key, ParseVerifierKey(text));
    ASSERT_EQ(key.ToString(), text);
  }
}

TEST(VerifierKeyTest, SmallOrderPointsAreNoKeys) {
  std::string point(32, '\0');
  point[0] = 1;
  const std::string bytes = "\x01" + point;
  EXPECT_THAT(ParseVerifierKey("a+00000000+" + EncodeBase64(bytes)), kInvalid);
}

TEST(VerifierKeyTest, MlDsaKeysAreCarriedAndVerifyNothing) {
  const std::string bytes = "\x06" + std::string(kMlDsa44KeyBytes, 'k');
  // The id is not known before it is refused once.
  const auto refused = ParseVerifierKey("w.example+00000000+" + EncodeBase64(bytes));
  const std::string message(refused.status().message());
  const std::string id = message.substr(message.find("key is ") + 7, 8);
  ASSERT_OK_AND_ASSIGN(const VerifierKey key,
                       ParseVerifierKey("w.example+" + id + "+" + EncodeBase64(bytes)));
  EXPECT_EQ(key.type, KeyType::kMlDsa44);
  EXPECT_EQ(key.material.size(), kMlDsa44KeyBytes);
  EXPECT_THAT(key.Verify("text\n", std::string(2428, 's')),
              StatusIs(absl::StatusCode::kUnimplemented));
  EXPECT_THAT(ParseVerifierKey("w.example+00000000+" + EncodeBase64(bytes + "k")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("1312 bytes, found 1313")));
}

TEST(VerifierKeyTest, OnlyEd25519KeysUnderAGoodNameSign) {
  const auto ecdsa = crypto::PrivateKey::Generate(crypto::Algorithm::kEcdsaP256);
  EXPECT_THAT(NoteSigner::Create("a", ecdsa), kInvalid);
  const auto ed25519 = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  EXPECT_THAT(NoteSigner::Create("a b", ed25519), kInvalid);
  EXPECT_THAT(NoteSigner::Create("", ed25519), kInvalid);
  EXPECT_THAT(NoteSigner::Create("a", ed25519, KeyType::kMlDsa44), kInvalid);
  EXPECT_OK(NoteSigner::Create("a", ed25519));
}

TEST(VerifierKeyTest, WhatASignerSignsItsKeyVerifies) {
  const NoteSigner signer = TestSigner("a", 1);
  ASSERT_OK_AND_ASSIGN(const Signature signature, ParseSignatureLine(*signer.SignatureLine("t\n")));
  EXPECT_TRUE(signature.Names(signer.verifier_key()));
  EXPECT_OK(signer.verifier_key().Verify("t\n", signature.bytes));
  EXPECT_THAT(signer.verifier_key().Verify("u\n", signature.bytes),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(signer.verifier_key().Verify("t\n", signature.bytes + "x"), kInvalid);
}

TEST(VerifierKeyDeathTest, AWitnessDoesNotSignLikeALog) {
  EXPECT_DEATH(*TestWitness("a", 1).SignatureLine("t\n"), "only a log's key");
  EXPECT_DEATH(TestSigner("a b", 1), "cannot be signed with such a key or name");
}

}  // namespace
}  // namespace consent::tlog
