// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/pkcs11_uri.h"

#include <string>

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

constexpr char kGood[] =
    "pkcs11:token=ledger;object=journal-1;id=%01%ff?module-path=/lib/m.so&pin-source=file:/run/pin";

TEST(Pkcs11UriTest, SaysWhereAKeyLies) {
  ASSERT_OK_AND_ASSIGN(const Pkcs11Uri uri, ParsePkcs11Uri(kGood));
  EXPECT_EQ(uri.token, "ledger");
  EXPECT_EQ(uri.object, "journal-1");
  EXPECT_EQ(uri.id, "\x01\xff");
  EXPECT_EQ(uri.module_path, "/lib/m.so");
  EXPECT_EQ(uri.pin_path, "/run/pin");
  ASSERT_OK_AND_ASSIGN(const Pkcs11Uri other,
                       ParsePkcs11Uri("pkcs11:object=a%20b;token=t?pin-source=/p&module-path=/m"));
  EXPECT_EQ(other.object, "a b");
  EXPECT_EQ(other.id, "");
}

TEST(Pkcs11UriTest, WhatIsNotUnderstoodWholeIsRefused) {
  for (const std::string bad : {
           "",
           "pkcs11:",
           "http:token=t;object=o?module-path=/m&pin-source=/p",
           "pkcs11:token=t?module-path=/m&pin-source=/p",             // Which key?
           "pkcs11:object=o?module-path=/m&pin-source=/p",            // Which token?
           "pkcs11:token=t;object=o?pin-source=/p",                   // Which module?
           "pkcs11:token=t;object=o?module-path=/m",                  // Which pin?
           "pkcs11:token=t;object=o?module-path=m.so&pin-source=/p",  // A path that depends.
           "pkcs11:token=t;object=o?module-path=/m&pin-source=p",
           "pkcs11:token=t;object=o?module-path=/m&pin-value=1234",
           "pkcs11:token=t;object=o;slot-id=1?module-path=/m&pin-source=/p",
           "pkcs11:token=t;object=o;object=q?module-path=/m&pin-source=/p",
           "pkcs11:token=t;object=?module-path=/m&pin-source=/p",
           "pkcs11:token=t;object=%2?module-path=/m&pin-source=/p",
           "pkcs11:token=t;object=%zz?module-path=/m&pin-source=/p",
           "pkcs11:token=t;object=a b?module-path=/m&pin-source=/p",
           "pkcs11:token=t;module-path=/m;object=o?pin-source=/p",
       }) {
    EXPECT_THAT(ParsePkcs11Uri(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
  EXPECT_FALSE(ParsePkcs11Uri(std::string(kGood) + std::string(kPkcs11UriBytesMax, '/')).ok());
}

TEST(Pkcs11UriTest, ARefusalShowsNoPin) {
  const auto refused =
      ParsePkcs11Uri("pkcs11:token=t;object=o?module-path=/m&pin-value=73194862").status();
  EXPECT_EQ(std::string(refused.message()).find("73194862"), std::string::npos);
}

}  // namespace
}  // namespace consent::crypto
