// SPDX-License-Identifier: Apache-2.0
//
// What certificates say. One that TLS has verified; that others are turned away: tests/access/.

#include "src/api/credentials.h"

#include <fstream>
#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/crypto/certificate.h"

namespace consent::api {
namespace {

// consent:company:acme and consent:processor:acme, beside a DNS name.
std::string Kept() {
  std::ostringstream text;
  text << std::ifstream("tests/corpus/certificate_fuzz/client").rdbuf();
  return text.str();
}

TEST(CredentialsTest, ACertificateSaysWhoItsHolderIs) {
  ASSERT_OK_AND_ASSIGN(const auto certificates, crypto::ParseCertificates(Kept()));
  const int64_t begin_ms = certificates[0].not_before * 1000;
  ASSERT_OK_AND_ASSIGN(const Visitor visitor, VisitorOfCertificate(Kept(), begin_ms));
  EXPECT_TRUE(visitor.caller->Is(access::Role::kCompany, "acme"));
  EXPECT_TRUE(visitor.caller->Is(access::Role::kProcessor, "acme"));
  EXPECT_EQ(visitor.caller->identities().size(), 2u);
  EXPECT_EQ(visitor.until_ms, (certificates[0].not_after + 1) * 1000);
}

TEST(CredentialsTest, ItsTimeIsKeptToTheSecond) {
  ASSERT_OK_AND_ASSIGN(const auto certificates, crypto::ParseCertificates(Kept()));
  const int64_t begin_ms = certificates[0].not_before * 1000;
  const int64_t end_ms = (certificates[0].not_after + 1) * 1000;
  EXPECT_THAT(VisitorOfCertificate(Kept(), end_ms - 1), IsOk());
  for (const int64_t now_ms : {begin_ms - 1, end_ms}) {
    EXPECT_EQ(ReasonOf(VisitorOfCertificate(Kept(), now_ms).status()), "CREDENTIALS_EXPIRED");
  }
}

TEST(CredentialsTest, WhatIsNoCertificateIsNobody) {
  for (const std::string& pem : {std::string(), std::string("x"), Kept().substr(0, 300)}) {
    EXPECT_EQ(ReasonOf(VisitorOfCertificate(pem, 0).status()), "BAD_CREDENTIALS");
  }
}

}  // namespace
}  // namespace consent::api
