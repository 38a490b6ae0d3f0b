// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/ed25519_point.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

// Numbers below are little-endian, as RFC 8032 writes them.
std::string Bytes(std::string_view hex) { return absl::HexStringToBytes(std::string(hex)); }

std::string WithSign(std::string key) {
  key.back() = static_cast<char>(key.back() ^ 0x80);
  return key;
}

TEST(Ed25519PublicKeyTest, AcceptsTheKeysOfTheStandardWithEitherSign) {
  for (const char* hex : {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                          // The base point, y = 4/5.
                          "5866666666666666666666666666666666666666666666666666666666666666"}) {
    EXPECT_OK(CheckEd25519PublicKey(Bytes(hex)));
    EXPECT_OK(CheckEd25519PublicKey(WithSign(Bytes(hex))));
  }
}

TEST(Ed25519PublicKeyTest, RefusesAllPointsOfSmallOrder) {
  for (const char* hex : {
           "0100000000000000000000000000000000000000000000000000000000000000",  // order 1
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // order 2
           "0000000000000000000000000000000000000000000000000000000000000000",  // order 4
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  // order 8
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",  // order 8
       }) {
    EXPECT_THAT(CheckEd25519PublicKey(Bytes(hex)), StatusIs(kRefused, HasSubstr("small order")));
    EXPECT_THAT(CheckEd25519PublicKey(WithSign(Bytes(hex))),
                StatusIs(kRefused, HasSubstr("small order")));
  }
}

TEST(Ed25519PublicKeyTest, RefusesEveryNonCanonicalCoordinate) {
  // All y from p = 2^255 - 19 to 2^255 - 1, that is all that have a second, smaller spelling.
  std::string y = Bytes("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
  for (int low = 0xed; low <= 0xff; ++low) {
    y[0] = static_cast<char>(low);
    EXPECT_THAT(CheckEd25519PublicKey(y), StatusIs(kRefused, HasSubstr("canonical"))) << low;
    EXPECT_THAT(CheckEd25519PublicKey(WithSign(y)), StatusIs(kRefused, HasSubstr("canonical")));
  }
}

TEST(Ed25519PublicKeyTest, RefusesCoordinatesOfNoPoint) {
  // y = 2 is the smallest such; about half of all y are.
  std::string y(32, '\0');
  int off_curve = 0;
  for (int low = 2; low < 202; ++low) {
    y[0] = static_cast<char>(low);
    const absl::Status status = CheckEd25519PublicKey(y);
    if (status.ok()) continue;
    EXPECT_THAT(status, StatusIs(kRefused, HasSubstr("point of the curve")));
    ++off_curve;
  }
  EXPECT_GT(off_curve, 60);
  EXPECT_LT(off_curve, 140);
  y[0] = 2;
  EXPECT_THAT(CheckEd25519PublicKey(y), StatusIs(kRefused));
}

TEST(Ed25519PublicKeyTest, RefusesOtherLengths) {
  for (const size_t size : {0, 31, 33, 64}) {
    EXPECT_THAT(CheckEd25519PublicKey(std::string(size, 'f')),
                StatusIs(kRefused, HasSubstr("expected 32 bytes")));
  }
}

TEST(Ed25519SignatureTest, SMustBeBelowTheGroupOrder) {
  const std::string r(32, 'r');
  const std::string order =
      Bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  std::string below = order;
  --below[0];
  EXPECT_OK(CheckEd25519Signature(r + below));
  EXPECT_OK(CheckEd25519Signature(r + std::string(32, '\0')));
  EXPECT_THAT(CheckEd25519Signature(r + order), StatusIs(kRefused, HasSubstr("group order")));
  EXPECT_THAT(CheckEd25519Signature(r + std::string(32, '\xff')), StatusIs(kRefused));
}

TEST(Ed25519SignatureTest, RefusesOtherLengths) {
  for (const size_t size : {0, 32, 63, 65, 128}) {
    EXPECT_THAT(CheckEd25519Signature(std::string(size, '\0')),
                StatusIs(kRefused, HasSubstr("expected 64 bytes")));
  }
}

}  // namespace
}  // namespace consent::crypto
