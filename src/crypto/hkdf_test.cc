// SPDX-License-Identifier: Apache-2.0
//
// Vectors: RFC 5869, appendix A.1 to A.3.

#include "src/crypto/hkdf.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "src/crypto/hmac.h"

namespace consent::crypto {
namespace {

// The bytes first, first + 1, ... last.
std::string Count(int first, int last) {
  std::string bytes;
  for (int b = first; b <= last; ++b) bytes.push_back(static_cast<char>(b));
  return bytes;
}

TEST(HkdfTest, AgreesWithTheStandard) {
  EXPECT_EQ(absl::BytesToHexString(Hkdf({.key_material = std::string(22, '\x0b'),
                                         .salt = Count(0x00, 0x0c),
                                         .info = Count(0xf0, 0xf9)},
                                        42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(
      absl::BytesToHexString(Hkdf(
          {.key_material = Count(0x00, 0x4f), .salt = Count(0x60, 0xaf), .info = Count(0xb0, 0xff)},
          82)),
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41"
      "c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
  EXPECT_EQ(absl::BytesToHexString(
                Hkdf({.key_material = std::string(22, '\x0b'), .salt = "", .info = ""}, 42)),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(HkdfTest, DeriveKeyIsHkdfWithoutSalt) {
  const Secret secret = *Secret::FromBytes(std::string(32, 's'));
  for (const std::string& info :
       {std::string(), std::string("consent test v1"), std::string(200, 'i')}) {
    EXPECT_EQ(DeriveKey(secret, info).view(),
              Hkdf({.key_material = secret.view(), .salt = "", .info = info}, 32));
  }
}

TEST(HkdfTest, AnotherPurposeOrSecretIsAnotherKey) {
  const Secret a = *Secret::FromBytes(std::string(32, 'a'));
  const Secret b = *Secret::FromBytes(std::string(32, 'b'));
  EXPECT_TRUE(DeriveKey(a, "x") == DeriveKey(a, "x"));
  EXPECT_FALSE(DeriveKey(a, "x") == DeriveKey(a, "y"));
  EXPECT_FALSE(DeriveKey(a, "x") == DeriveKey(b, "x"));
}

TEST(HkdfTest, GivesUpTo255DigestsOfWhichTheLongerBeginWithTheShorter) {
  const HkdfInput input{.key_material = "k", .salt = "s", .info = "i"};
  const std::string longest = Hkdf(input, kMaxHkdfBytes);
  EXPECT_EQ(longest.size(), kMaxHkdfBytes);
  for (const size_t size : {0, 1, 31, 32, 33, 64, 1000}) {
    EXPECT_EQ(Hkdf(input, size), longest.substr(0, size));
  }
}

TEST(HkdfDeathTest, MoreThanTheStandardAllowsEndsTheProcess) {
  EXPECT_DEATH(Hkdf({.key_material = "k", .salt = "", .info = ""}, kMaxHkdfBytes + 1), "HKDF");
}

}  // namespace
}  // namespace consent::crypto
