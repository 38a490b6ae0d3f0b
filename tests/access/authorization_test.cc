// SPDX-License-Identifier: Apache-2.0
//
// What `authorization` may hold that is no good, on both ports: tokens that are guessed, nothing,
// and what cannot be read.

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "src/access/token.h"
#include "src/api/bad_credentials.h"
#include "src/api/test_matrix.h"
#include "src/api/test_server.h"
#include "tests/access/exposed_service.h"

namespace consent::tests {
namespace {

using ::testing::HasSubstr;

constexpr char kGetLedger[] = "/consent.v1.DirectoryService/GetLedger";
constexpr char kTooMany[] = "TOO_MANY_BAD_CREDENTIALS";
constexpr char kFromElsewhere[] = "--interface 127.0.0.2";

class AuthorizationTest : public testing::Test {
 protected:
  // A good token that nobody has shown before.
  std::string NewToken() {
    return service_.issuer.Token(
        ExposedService::Claims(absl::StrCat(R"(["company:acme"],"jti":")", ++tokens_, "\"")));
  }
  google::rpc::Status Call(const std::string& token) {
    return api::CallRaw(channel_, kGetLedger, "", {{"authorization", "Bearer " + token}});
  }
  google::rpc::Status Guess() { return Call(absl::StrCat("guess", ++tokens_)); }
  // What the HTTP port answers; `options` are curl's.
  std::string Curl(const std::string& options) {
    Shell(
        service_.folder(),
        absl::StrCat("curl -sS --max-time 10 --cacert ca.pem -H 'Content-Type: application/json' ",
                     options, " -d '{}' https://127.0.0.1:", service_.http_port(), kGetLedger,
                     " >answer 2>&1"));
    return ReadText(service_.File("answer"));
  }
  static std::string Bearer(const std::string& token) {
    return absl::StrCat("-H 'Authorization: Bearer ", token, "'");
  }
  // Guesses until this address is limited. The clock is real, and gives one guess back a second.
  void UseUp() {
    for (int i = 0; i < 1000; ++i) {
      const google::rpc::Status refused = Guess();
      if (refused.code() == grpc::StatusCode::RESOURCE_EXHAUSTED) return;
    }
    FAIL() << "a thousand guesses were looked at";
  }
  // Whether it ever comes to `reason`; tried again for as long as a busy machine needs.
  template <class Ask>
  bool IsEver(const std::string& reason, const Ask& ask) {
    for (int i = 0; i < 10; ++i) {
      UseUp();
      if (absl::StrContains(ask(), reason)) return true;
    }
    return false;
  }

  ExposedService service_;
  std::shared_ptr<grpc::Channel> channel_ = service_.Connect();
  int tokens_ = 0;
};

TEST_F(AuthorizationTest, AfterManyGuessesNoFurtherTokenOfThatAddressIsLookedAt) {
  int looked_at = 0;
  google::rpc::Status status = Guess();
  for (; status.code() == grpc::StatusCode::UNAUTHENTICATED && looked_at < 1000; ++looked_at) {
    EXPECT_TRUE(api::FailsWith(status, grpc::StatusCode::UNAUTHENTICATED, "BAD_CREDENTIALS"));
    status = Guess();
  }
  EXPECT_GE(looked_at, api::BadCredentials::kAtOnce);
  EXPECT_TRUE(api::FailsWith(status, grpc::StatusCode::RESOURCE_EXHAUSTED, kTooMany));
  EXPECT_TRUE(api::HasRetryInfo(status));
  EXPECT_TRUE(IsEver(kTooMany, [&] { return Call(NewToken()).DebugString(); }))
      << "a good one is verified nevertheless";
  EXPECT_TRUE(IsEver(kTooMany, [&] { return Curl(Bearer(NewToken())); }));
  EXPECT_THAT(Curl(absl::StrCat(kFromElsewhere, " ", Bearer(NewToken()))), HasSubstr("origin"));
}

TEST_F(AuthorizationTest, GuessesOverHttpCountForTheirAddress) {
  const std::string guess = absl::StrCat(kFromElsewhere, " ", Bearer("guess"));
  std::string answer;
  for (int i = 0; i < 200 && !absl::StrContains(answer, kTooMany); ++i) answer = Curl(guess);
  EXPECT_THAT(answer, HasSubstr(kTooMany));
  EXPECT_THAT(answer, HasSubstr("google.rpc.RetryInfo"));
  EXPECT_EQ(Call(NewToken()).code(), grpc::StatusCode::OK);
}

TEST_F(AuthorizationTest, WhoWasBelievedGoesOnBesideOneWhoGuesses) {
  const std::string known = NewToken();
  ASSERT_EQ(Call(known).code(), grpc::StatusCode::OK);
  const Pair admin = service_.authority.Issue("URI:consent:admin");
  const std::shared_ptr<grpc::Channel> by_certificate = service_.Connect(&admin);
  // Also while the keys change, and what was believed is read again.
  const crypto::TestIssuer second("second");
  service_.BelieveTokensOf(service_.issuer.Jwk() + "," + second.Jwk());
  const std::string other = second.Token(ExposedService::Claims(R"(["admin"])"));
  bool replaced = false;
  for (int i = 0; i < 400 && !replaced; ++i) {
    UseUp();
    EXPECT_EQ(Call(known).code(), grpc::StatusCode::OK);
    EXPECT_EQ(api::CallRaw(by_certificate, kGetLedger, "", {}).code(), grpc::StatusCode::OK);
    absl::SleepFor(absl::Milliseconds(50));
    replaced =
        Curl(absl::StrCat(kFromElsewhere, " ", Bearer(other))).find("origin") != std::string::npos;
  }
  EXPECT_TRUE(replaced);
  for (int i = 0; i < 3; ++i) {
    UseUp();
    EXPECT_EQ(Call(known).code(), grpc::StatusCode::OK) << "believed under the keys before";
  }
}

TEST_F(AuthorizationTest, WhoGoesOnWithATokenThatHasRunOutUsesNothingUp) {
  const int64_t ends_s = absl::ToUnixSeconds(absl::Now()) + 2;
  const std::string token = service_.issuer.Token(
      absl::StrCat(R"({"iss":"https://issuer.example","aud":"ledger.example","consent":["admin"],)",
                   R"("exp":)", ends_s - access::TokenReader::kSkewSeconds, "}"));
  ASSERT_EQ(Call(token).code(), grpc::StatusCode::OK);
  absl::SleepFor(absl::FromUnixSeconds(ends_s) - absl::Now());
  for (int i = 0; i < 3 * api::BadCredentials::kAtOnce; ++i) {
    EXPECT_TRUE(
        api::FailsWith(Call(token), grpc::StatusCode::UNAUTHENTICATED, "CREDENTIALS_EXPIRED"));
  }
  EXPECT_EQ(Call(NewToken()).code(), grpc::StatusCode::OK);
}

TEST_F(AuthorizationTest, WhoeverSaysSomethingIsNotJudgedByTheirCertificate) {
  const Pair admin = service_.authority.Issue("URI:consent:admin");
  channel_ = service_.Connect(&admin);
  ASSERT_EQ(api::CallRaw(channel_, kGetLedger, "", {}).code(), grpc::StatusCode::OK);
  for (const char* said : {"", "Bearer", "Bearer ", "x", "Basic YTpi", "Bearer  x"}) {
    EXPECT_TRUE(api::FailsWith(api::CallRaw(channel_, kGetLedger, "", {{"authorization", said}}),
                               grpc::StatusCode::UNAUTHENTICATED, "BAD_CREDENTIALS"))
        << said;
  }
}

TEST_F(AuthorizationTest, OverHttpNeither) {
  const Pair admin = service_.authority.Issue("URI:consent:admin");
  WriteText(service_.File("admin.pem"), admin.certificate);
  WriteText(service_.File("admin.key"), admin.key);
  const std::string own = "--cert admin.pem --key admin.key";
  ASSERT_THAT(Curl(own), HasSubstr("origin"));
  // "NAME;" has curl send a header with nothing behind it.
  for (const char* said : {"-H 'Authorization;'", "-H 'authorization: Bearer'",
                           "-H 'Authorization: x'", "-H 'Authorization: Basic YTpi'"}) {
    EXPECT_THAT(Curl(absl::StrCat(own, " ", said)), HasSubstr("BAD_CREDENTIALS")) << said;
  }
  EXPECT_THAT(Curl(absl::StrCat(own, " -H 'Authorization : Bearer x'")),
              HasSubstr("malformed request"));
}

}  // namespace
}  // namespace consent::tests
