// SPDX-License-Identifier: Apache-2.0
//
// Vectors: "The Galois/Counter Mode of Operation (GCM)", McGrew and Viega, appendix B, cases 13, 14
// and 16.

#include "src/crypto/aead.h"

#include <rapidcheck/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

Secret Key(std::string_view hex) {
  return *Secret::FromBytes(absl::HexStringToBytes(std::string(hex)));
}
Nonce NonceOf(std::string_view hex) {
  return *Nonce::FromBytes(absl::HexStringToBytes(std::string(hex)));
}
Secret AnyKey(char c = 'k') { return *Secret::FromBytes(std::string(32, c)); }
constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

TEST(AeadTest, AgreesWithTheStandard) {
  const Secret zero = Key(std::string(64, '0'));
  const Nonce zero_nonce = NonceOf(std::string(24, '0'));
  EXPECT_EQ(absl::BytesToHexString(Seal(zero, zero_nonce, "", "")),
            "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(absl::BytesToHexString(Seal(zero, zero_nonce, "", std::string(16, '\0'))),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
  EXPECT_EQ(
      absl::BytesToHexString(
          Seal(Key("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
               NonceOf("cafebabefacedbaddecaf888"),
               absl::HexStringToBytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
               absl::HexStringToBytes(
                   "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809"
                   "532fcf0e2449a6b525b16aedf5aa0de657ba637b39"))),
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b105682"
      "8838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
}

RC_GTEST_PROP(AeadTest, WhatIsSealedOpens, (const std::string& aad, const std::string& plaintext)) {
  const Secret key = Secret::Random();
  const Nonce nonce;
  const std::string sealed = Seal(key, nonce, aad, plaintext);
  RC_ASSERT(sealed.size() == plaintext.size() + kAeadTagBytes);
  const auto opened = Open(key, nonce, aad, sealed);
  RC_ASSERT(opened.ok());
  RC_ASSERT(*opened == plaintext);
}

RC_GTEST_PROP(AeadTest, NoBitMayChange, (const std::string& aad, const std::string& plaintext)) {
  const Secret key = AnyKey();
  const Nonce nonce;
  std::string sealed = Seal(key, nonce, aad, plaintext);
  const auto bit = *rc::gen::inRange<size_t>(0, sealed.size() * 8);
  sealed[bit / 8] = static_cast<char>(sealed[bit / 8] ^ (1 << (bit % 8)));
  RC_ASSERT(Open(key, nonce, aad, sealed).status().code() == kRefused);
}

TEST(AeadTest, RefusesAnotherKeyNonceOrContext) {
  const Nonce nonce;
  Nonce other_nonce;
  other_nonce.bytes[11] = 1;
  const std::string sealed = Seal(AnyKey(), nonce, "aad", "plaintext");
  EXPECT_OK(Open(AnyKey(), nonce, "aad", sealed));
  EXPECT_THAT(Open(AnyKey('l'), nonce, "aad", sealed), StatusIs(kRefused));
  EXPECT_THAT(Open(AnyKey(), other_nonce, "aad", sealed), StatusIs(kRefused));
  EXPECT_THAT(Open(AnyKey(), nonce, "", sealed), StatusIs(kRefused));
  EXPECT_THAT(Open(AnyKey(), nonce, "aae", sealed), StatusIs(kRefused));
}

TEST(AeadTest, RefusesEveryCutAndAnExtension) {
  const std::string sealed = Seal(AnyKey(), Nonce(), "", "plaintext");
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_THAT(Open(AnyKey(), Nonce(), "", sealed.substr(0, size)), StatusIs(kRefused));
  }
  EXPECT_THAT(Open(AnyKey(), Nonce(), "", sealed + '\0'), StatusIs(kRefused));
}

TEST(AeadTest, ARefusalLeavesTheNextMessageAlone) {
  const std::string sealed = Seal(AnyKey(), Nonce(), "aad", "plaintext");
  EXPECT_THAT(Open(AnyKey('l'), Nonce(), "aad", sealed), StatusIs(kRefused));
  EXPECT_THAT(Open(AnyKey(), Nonce(), "aad", sealed), IsOkAndHolds("plaintext"));
  EXPECT_EQ(Seal(AnyKey(), Nonce(), "aad", "plaintext"), sealed);
}

TEST(AeadTest, ThreadsDoNotDisturbEachOther) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&wrong, t] {
      const Secret key = AnyKey(static_cast<char>('a' + t));
      const std::string plaintext(100 + t, 'p');
      for (int i = 0; i < 2000; ++i) {
        const auto opened = Open(key, Nonce(), "", Seal(key, Nonce(), "", plaintext));
        wrong[t] += opened.ok() && *opened == plaintext ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(AeadDeathTest, AMessageAboveTheLimitEndsTheProcess) {
  EXPECT_DEATH(Seal(AnyKey(), Nonce(), "", std::string(kMaxAeadBytes + 1, 'x')), "too long");
}

}  // namespace
}  // namespace consent::crypto
