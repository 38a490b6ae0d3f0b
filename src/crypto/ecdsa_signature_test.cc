// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/ecdsa_signature.h"

#include <rapidcheck/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

std::string Bytes(std::string_view hex) { return absl::HexStringToBytes(std::string(hex)); }

const std::string kOne = Bytes("0000000000000000000000000000000000000000000000000000000000000001");
const std::string kZero(32, '\0');
// n, n - 1, (n - 1) / 2 and (n + 1) / 2.
const std::string kOrder =
    Bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
const std::string kLast = Bytes("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550");
const std::string kHalf = Bytes("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8");
const std::string kAboveHalf =
    Bytes("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9");

// 32 bytes that are a number from 1 to n - 1, from small to large.
std::string AnyNumber() {
  const auto zeros = *rc::gen::inRange<size_t>(0, 32);
  std::string bytes(32, '\0');
  for (size_t i = zeros; i < 32; ++i) bytes[i] = *rc::gen::arbitrary<char>();
  if (bytes == kZero || bytes >= kOrder) bytes = kOne;
  return bytes;
}

TEST(EcdsaSignatureTest, BothNumbersMustBeInRange) {
  EXPECT_OK(CheckEcdsaSignature(kOne + kOne));
  EXPECT_OK(CheckEcdsaSignature(kLast + kOne));
  EXPECT_THAT(CheckEcdsaSignature(kZero + kOne),
              StatusIs(kRefused, HasSubstr("expected r from 1")));
  EXPECT_THAT(CheckEcdsaSignature(kOrder + kOne), StatusIs(kRefused, HasSubstr("expected r")));
  EXPECT_THAT(CheckEcdsaSignature(kOne + kZero),
              StatusIs(kRefused, HasSubstr("expected s from 1")));
  EXPECT_THAT(CheckEcdsaSignature(kOne + kOrder),
              StatusIs(kRefused, HasSubstr("expected s from 1")));
  EXPECT_THAT(CheckEcdsaSignature(std::string(64, '\xff')), StatusIs(kRefused));
}

TEST(EcdsaSignatureTest, SMustBeLow) {
  EXPECT_OK(CheckEcdsaSignature(kOne + kHalf));
  EXPECT_THAT(CheckEcdsaSignature(kOne + kAboveHalf),
              StatusIs(kRefused, HasSubstr("expected the low-S form")));
  EXPECT_THAT(CheckEcdsaSignature(kOne + kLast), StatusIs(kRefused, HasSubstr("low-S")));
}

TEST(EcdsaSignatureTest, RefusesOtherLengths) {
  for (const size_t size : {0, 63, 65, 70, 72}) {
    EXPECT_THAT(CheckEcdsaSignature(std::string(size, '\1')),
                StatusIs(kRefused, HasSubstr("expected 64 bytes r || s, found")));
  }
}

TEST(EcdsaSignatureTest, ToLowSNegatesOnlyAHighS) {
  EXPECT_THAT(ToLowS(kOne + kHalf), IsOkAndHolds(kOne + kHalf));
  EXPECT_THAT(ToLowS(kOne + kAboveHalf), IsOkAndHolds(kOne + kHalf));
  EXPECT_THAT(ToLowS(kOne + kLast), IsOkAndHolds(kOne + kOne));
  EXPECT_THAT(ToLowS(kOne + kOrder), StatusIs(kRefused));
  EXPECT_THAT(ToLowS(kZero + kOne), StatusIs(kRefused));
}

RC_GTEST_PROP(EcdsaSignatureTest, ToLowSGivesWhatTheCheckTakes, ()) {
  const auto low = ToLowS(AnyNumber() + AnyNumber());
  RC_ASSERT(low.ok());
  RC_ASSERT(CheckEcdsaSignature(*low).ok());
}

RC_GTEST_PROP(EcdsaSignatureTest, DerAndBack, ()) {
  const std::string signature = *ToLowS(AnyNumber() + AnyNumber());
  const auto back = EcdsaFromDer(EcdsaToDer(signature));
  RC_ASSERT(back.ok());
  RC_ASSERT(*back == signature);
}

TEST(EcdsaSignatureTest, DerOfAHighSComesBackLow) {
  EXPECT_THAT(EcdsaFromDer(EcdsaToDer(kOne + kLast)), IsOkAndHolds(kOne + kOne));
}

TEST(EcdsaSignatureTest, OnlyCanonicalDerIsRead) {
  ASSERT_THAT(EcdsaFromDer(Bytes("3006020101020101")), IsOkAndHolds(kOne + kOne));
  for (const char* hex : {
           "", "30",
           "3006020101020102ff",    // Followed by a byte.
           "30810602010102010100",  // Long form of a short length.
           "300702020001020101",    // Number with a zero too many.
           "3080020101020101"
           "0000",                    // Indefinite length.
           "3003020101",              // One number.
           "3009020101020101020101",  // Three numbers.
           "30060201ff020101",        // Negative.
           "3006020100020101",        // Zero.
           "302602220100000000000000000000000000000000000000000000000000000000000000000002"
           "0101",  // More than 256 bits.
       }) {
    EXPECT_THAT(EcdsaFromDer(Bytes(hex)), StatusIs(kRefused)) << hex;
  }
}

}  // namespace
}  // namespace consent::crypto
