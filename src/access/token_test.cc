// SPDX-License-Identifier: Apache-2.0

#include "src/access/token.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/crypto/test_issuer.h"

namespace consent::access {
namespace {

constexpr int64_t kNow = 1'800'000'000;

class TokenTest : public testing::Test {
 protected:
  // Why claims are not believed; "" where they are.
  std::string Reason(const std::string& claims, int64_t now = kNow) {
    return ReasonOf(reader_.Read(issuer_.Token(claims), now).status());
  }
  static std::string Claims(const std::string& consent, const std::string& more = "",
                            int64_t expires = kNow + 60) {
    return absl::StrCat(R"({"iss":"https://issuer.example","aud":"ledger.example","exp":)", expires,
                        R"(,"consent":)", consent, more, "}");
  }

  const crypto::TestIssuer issuer_{"one"};
  const TokenReader reader_{*crypto::JwkSet::Parse(crypto::TestIssuer::Set(issuer_.Jwk())),
                            {.issuer = "https://issuer.example", .audience = "ledger.example"}};
};

TEST_F(TokenTest, SaysWhoItsBearerIsAndUntilWhen) {
  ASSERT_OK_AND_ASSIGN(const TokenReader::Bearer bearer,
                       reader_.Read(issuer_.Token(Claims(R"(["company:acme","auditor"])")), kNow));
  EXPECT_TRUE(bearer.caller.Is(Role::kCompany, "acme"));
  EXPECT_TRUE(bearer.caller.Has(Role::kAuditor));
  EXPECT_EQ(bearer.caller.identities().size(), 2u);
  EXPECT_EQ(bearer.until, kNow + 60 + TokenReader::kSkewSeconds);
}

TEST_F(TokenTest, ItsTimeIsKeptToTheSecond) {
  const std::string claims = Claims(R"(["admin"])", absl::StrCat(",\"nbf\":", kNow));
  EXPECT_EQ(Reason(claims, kNow + 60 + 29), "");
  EXPECT_EQ(Reason(claims, kNow + 60 + 30), "CREDENTIALS_EXPIRED");
  EXPECT_EQ(Reason(claims, kNow - 30), "");
  EXPECT_EQ(Reason(claims, kNow - 31), "CREDENTIALS_EXPIRED");
}

TEST_F(TokenTest, WhatIsForOthersOrByOthersIsNotBelieved) {
  const std::string end = absl::StrCat(R"(,"exp":)", kNow + 60, R"(,"consent":["admin"]})");
  const std::vector<std::string> bad = {
      R"({"aud":"ledger.example")",
      R"({"iss":"https://issuer.example")",
      R"({"iss":"https://issuer.example/","aud":"ledger.example")",
      R"({"iss":"https://issuer.example","aud":"ledger")",
      R"({"iss":"https://issuer.example","aud":[])",
      R"({"iss":"https://issuer.example","aud":["ledger.example.org"])",
      R"({"iss":["https://issuer.example"],"aud":"ledger.example")",
      R"({"iss":"https://issuer.example","aud":{"ledger.example":1})",
  };
  for (const std::string& begin : bad) EXPECT_EQ(Reason(begin + end), "BAD_CREDENTIALS") << begin;
  EXPECT_EQ(Reason(R"({"iss":"https://issuer.example","aud":["x","ledger.example"])" + end), "");
}

TEST_F(TokenTest, ATokenWithoutAnEndIsNone) {
  for (const char* expires : {"", R"(,"exp":"1800000060")", R"(,"exp":-1)",
                              R"(,"exp":1800000060000)", R"(,"exp":null)", R"(,"exp":1e300)"}) {
    EXPECT_EQ(Reason(absl::StrCat(R"({"iss":"https://issuer.example","aud":"ledger.example",)",
                                  R"("consent":["admin"])", expires, "}")),
              "BAD_CREDENTIALS")
        << expires;
  }
}

TEST_F(TokenTest, NoTokenIsBelievedThatRunsOutTooLateFromNow) {
  constexpr int64_t kLast = kNow + TokenReader::kAheadSecondsMax + TokenReader::kSkewSeconds;
  EXPECT_EQ(Reason(Claims(R"(["admin"])", "", kLast)), "");
  EXPECT_EQ(Reason(Claims(R"(["admin"])", "", kLast + 1)), "BAD_CREDENTIALS");
}

TEST_F(TokenTest, WhoIsMisspeltIsNobody) {
  for (const char* words :
       {"[]", "null", "\"admin\"", "[\"owner\"]", "[\"admin\",\"owner\"]", "[1]", "[[\"admin\"]]",
        "{\"admin\":1}", "[\"company:\"]", "[\"consent:admin\"]"}) {
    EXPECT_EQ(Reason(Claims(words)), "BAD_CREDENTIALS") << words;
  }
}

TEST_F(TokenTest, FormsThatAreNoneAreRefusedWithoutAWordOfTheToken) {
  const std::string claims = Claims(R"(["admin"])");
  const std::vector<std::string> tokens = {
      "",
      ".",
      "..",
      "a.b.c",
      issuer_.Token("[]"),
      issuer_.Token("secret"),
      issuer_.Token(claims) + "x",
      crypto::TestIssuer("one").Token(claims),
      crypto::TestIssuer("two").Token(claims),
      issuer_.Token(R"({"alg":"none","kid":"one"})", claims),
      issuer_.Token(Claims(R"(["admin"])", R"(,"x":")" + std::string(4096, 'x') + "\""))};
  for (const std::string& token : tokens) {
    const auto bearer = reader_.Read(token, kNow);
    EXPECT_EQ(ReasonOf(bearer.status()), "BAD_CREDENTIALS") << token.substr(0, 60);
    EXPECT_EQ(bearer.status().code(), absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(bearer.status().ToString().find("secret"), std::string::npos);
    if (token.size() > 40) {
      EXPECT_EQ(bearer.status().ToString().find(token.substr(10, 30)), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace consent::access
