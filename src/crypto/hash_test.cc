// SPDX-License-Identifier: Apache-2.0
//
// Vectors: FIPS 180-4 examples (SHA-256).

#include "src/crypto/hash.h"

#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"

namespace consent::crypto {
namespace {

std::string Hex(const Digest& digest) { return absl::BytesToHexString(digest.str()); }

TEST(HashTest, AgreesWithTheStandard) {
  EXPECT_EQ(Hex(Sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256({"abc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256({"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"})),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Hex(Sha256({std::string(1000000, 'a')})),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(HashTest, WhereAPartEndsIsNotHashed) {
  EXPECT_EQ(Sha256({"a", "bc"}), Sha256({"abc"}));
  EXPECT_EQ(Sha256({"", "ab", "", "c"}), Sha256({"abc"}));
  EXPECT_EQ(Sha256({std::string_view()}), Sha256({}));
}

TEST(HashTest, AHasherStartsAfreshAfterFinish) {
  Hasher hasher;
  hasher.Update("something else");
  hasher.Finish();
  hasher.Update("abc");
  EXPECT_EQ(hasher.Finish(), Sha256({"abc"}));
}

TEST(HashTest, ACopiedHasherGoesItsOwnWay) {
  Hasher prefix;
  prefix.Update("a");
  Hasher copy = prefix;
  copy.Update("bc");
  prefix.Update("x");
  EXPECT_EQ(copy.Finish(), Sha256({"abc"}));
  EXPECT_EQ(prefix.Finish(), Sha256({"ax"}));
}

RC_GTEST_PROP(HashTest, AStreamEqualsOneCallHoweverItIsCut,
              (const std::vector<std::string>& parts)) {
  Hasher hasher;
  std::string joined;
  for (const std::string& part : parts) {
    hasher.Update(part);
    joined += part;
  }
  RC_ASSERT(hasher.Finish() == Sha256({joined}));
}

}  // namespace
}  // namespace consent::crypto
