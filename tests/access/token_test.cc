// SPDX-License-Identifier: Apache-2.0
//
// Bearer tokens over both ports, the C++ client with either credential, and the keys of issuers
// replaced under load without a failed call.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consent/client.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/api/test_matrix.h"
#include "src/api/test_server.h"
#include "src/base/mutex.h"
#include "tests/access/exposed_service.h"

namespace consent::tests {
namespace {

using ::testing::HasSubstr;

constexpr char kGetLedger[] = "/consent.v1.DirectoryService/GetLedger";
constexpr char kPutParty[] = "/consent.v1.DirectoryService/PutParty";
constexpr std::chrono::seconds kTakenWithin(20);

class TokensTest : public testing::Test {
 protected:
  google::rpc::Status Call(const std::string& token, const char* method = kGetLedger) {
    return api::CallRaw(channel_, method, "", {{"authorization", "Bearer " + token}});
  }
  bool Becomes(const std::string& token, int code) {
    const auto until = std::chrono::steady_clock::now() + kTakenWithin;
    while (Call(token).code() != code) {
      if (std::chrono::steady_clock::now() > until) return false;
      // Of tokens that are not believed 20 at once are looked at, and one more a second.
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return true;
  }
  std::string AdminOf(const crypto::TestIssuer& issuer) {
    return issuer.Token(ExposedService::Claims(R"(["admin"])"));
  }

  ExposedService service_;
  std::shared_ptr<grpc::Channel> channel_ = service_.Connect();
};

TEST_F(TokensTest, ATokenSaysWhoCallsAndTheTableWhatTheyMay) {
  const std::string acme = service_.issuer.Token(ExposedService::Claims(R"(["company:acme"])"));
  EXPECT_EQ(Call(acme).code(), grpc::StatusCode::OK);
  EXPECT_TRUE(
      api::FailsWith(Call(acme, kPutParty), grpc::StatusCode::PERMISSION_DENIED, "NOT_ALLOWED"));
  EXPECT_TRUE(api::WasLetIn(Call(AdminOf(service_.issuer), kPutParty)));
}

TEST_F(TokensTest, WhatIsNoTokenOfOursIsRefused) {
  const crypto::TestIssuer stranger("first");
  const std::string good = AdminOf(service_.issuer);
  std::string expired = service_.issuer.Token(
      R"({"iss":"https://issuer.example","aud":"ledger.example","exp":1,"consent":["admin"]})");
  const std::string none = crypto::Base64Url(R"({"alg":"none","kid":"first"})");
  for (const std::string& token :
       {std::string("x"), AdminOf(stranger), good + "x", good + "," + good,
        none + good.substr(good.find('.')), good + std::string(4096, 'x')}) {
    EXPECT_TRUE(api::FailsWith(Call(token), grpc::StatusCode::UNAUTHENTICATED, "BAD_CREDENTIALS"))
        << token.substr(0, 40);
  }
  EXPECT_TRUE(
      api::FailsWith(Call(expired), grpc::StatusCode::UNAUTHENTICATED, "CREDENTIALS_EXPIRED"));
  for (const api::Metadata& metadata :
       {api::Metadata{{"authorization", "Basic YTpi"}}, api::Metadata{{"authorization", good}},
        api::Metadata{{"authorization", "Bearer " + good}, {"authorization", "Bearer " + good}}}) {
    EXPECT_TRUE(api::FailsWith(api::CallRaw(channel_, kGetLedger, "", metadata),
                               grpc::StatusCode::UNAUTHENTICATED, "BAD_CREDENTIALS"));
  }
}

TEST_F(TokensTest, ATokenCountsBeforeTheCertificateOfItsConnection) {
  const Pair gateway = service_.authority.Issue("URI:consent:admin");
  const std::string acme = service_.issuer.Token(ExposedService::Claims(R"(["company:acme"])"));
  channel_ = service_.Connect(&gateway);
  EXPECT_TRUE(
      api::FailsWith(Call(acme, kPutParty), grpc::StatusCode::PERMISSION_DENIED, "NOT_ALLOWED"));
  EXPECT_TRUE(api::FailsWith(Call("x"), grpc::StatusCode::UNAUTHENTICATED, "BAD_CREDENTIALS"));
}

TEST_F(TokensTest, TokensCountOverHttpToo) {
  const auto curl = [&](const std::string& token) {
    Shell(service_.folder(),
          absl::StrCat("curl -sS --max-time 10 --cacert ca.pem -H 'Content-Type: application/json' "
                       "-H 'Authorization: Bearer ",
                       token, "' -d '{}' https://", service_.http_address(), kGetLedger,
                       " >answer 2>&1"));
    return ReadText(service_.File("answer"));
  };
  EXPECT_THAT(curl(AdminOf(service_.issuer)), HasSubstr("origin"));
  EXPECT_THAT(curl("x"), HasSubstr("BAD_CREDENTIALS"));
}

TEST_F(TokensTest, OverHttpTwoAuthorizationsAreNone) {
  const Pair admin = service_.authority.Issue("URI:consent:admin");
  WriteText(service_.File("admin.pem"), admin.certificate);
  WriteText(service_.File("admin.key"), admin.key);
  const auto curl = [&](const std::string& headers) {
    Shell(service_.folder(),
          absl::StrCat("curl -sS --max-time 10 --cacert ca.pem --cert admin.pem --key admin.key "
                       "-H 'Content-Type: application/json' ",
                       headers, " -d '{}' https://", service_.http_address(), kGetLedger,
                       " >answer 2>&1"));
    return ReadText(service_.File("answer"));
  };
  const std::string good =
      absl::StrCat("-H 'Authorization: Bearer ", AdminOf(service_.issuer), "'");
  EXPECT_THAT(curl(""), HasSubstr("origin"));
  EXPECT_THAT(curl(good), HasSubstr("origin"));
  EXPECT_THAT(curl(absl::StrCat(good, " -H 'authorization: Bearer x'")),
              HasSubstr("BAD_CREDENTIALS"));
}

TEST_F(TokensTest, AnOpenStreamIsAskedAgainWhenTheKeysChange) {
  const crypto::TestIssuer second("second", crypto::Algorithm::kEcdsaP256);
  const std::string token = service_.issuer.Token(ExposedService::Claims(R"(["company:acme"])"));
  const auto contacts = v1::ContactService::NewStub(channel_);
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + token);
  const auto stream = contacts->StreamCheckAndConsume(&context);
  v1::StreamCheckAndConsumeRequest request;
  *request.mutable_header() = api::HeaderForCalls();
  request.add_items()->set_contact_point("tel:+33639980001");
  request.mutable_items(0)->set_request_id("r1");
  const auto ask = [&] {
    v1::StreamCheckAndConsumeResponse response;
    EXPECT_TRUE(stream->Write(request) && stream->Read(&response));
    return response;
  };
  EXPECT_FALSE(ask().has_error());
  service_.BelieveTokensOf(service_.issuer.Jwk() + "," + second.Jwk());
  EXPECT_TRUE(Becomes(AdminOf(second), grpc::StatusCode::OK));
  EXPECT_FALSE(ask().has_error()) << "its key is still there";
  service_.BelieveTokensOf(second.Jwk());
  EXPECT_TRUE(Becomes(token, grpc::StatusCode::UNAUTHENTICATED));
  EXPECT_TRUE(api::FailsWith(ask().error(), grpc::StatusCode::UNAUTHENTICATED, "BAD_CREDENTIALS"));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(TokensTest, KeysAreReplacedUnderLoadWithoutAFailedCall) {
  const crypto::TestIssuer second("second", crypto::Algorithm::kEcdsaP256);
  const std::string old_token = AdminOf(service_.issuer);
  const std::string new_token = AdminOf(second);
  std::atomic<const std::string*> token{&old_token};
  std::atomic<bool> stop{false};
  std::atomic<int> calls{0};
  std::atomic<int> failures{0};
  std::vector<std::thread> load;
  for (int i = 0; i < 3; ++i) {
    load.emplace_back([&] {
      while (!stop) {
        if (Call(*token.load()).code() != grpc::StatusCode::OK) ++failures;
        ++calls;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
  }
  EXPECT_TRUE(Becomes(old_token, grpc::StatusCode::OK));
  service_.BelieveTokensOf(service_.issuer.Jwk() + "," + second.Jwk());
  EXPECT_TRUE(Becomes(new_token, grpc::StatusCode::OK));
  WriteText(service_.File("jwks.json"), "{");  // Changes nothing.
  std::this_thread::sleep_for(std::chrono::milliseconds(2500));
  token = &new_token;
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  service_.BelieveTokensOf(second.Jwk());
  EXPECT_TRUE(Becomes(old_token, grpc::StatusCode::UNAUTHENTICATED))
      << "a token is remembered longer than its key is believed";
  stop = true;
  for (std::thread& thread : load) thread.join();
  EXPECT_EQ(failures, 0) << "of " << calls;
  EXPECT_GT(calls, 100);
}

TEST_F(TokensTest, TheClientSaysWhoItIsByCertificateOrByToken) {
  const Pair acme = service_.authority.Issue("URI:consent:company:acme");
  WriteText(service_.File("acme.pem"), acme.certificate);
  WriteText(service_.File("acme.key"), acme.key);
  const std::string claims = ExposedService::Claims(R"(["company:acme"])");
  WriteText(service_.File("token"), service_.issuer.Token(claims) + "\n");
  Request request{.contact_point = "tel:+33639980001",
                  .company = "beta",
                  .channel = Channel::kCall,
                  .purpose = Purpose::kDirectMarketing,
                  .request_id = "r1"};
  const auto reason = [&](ClientOptions options) {
    options.address = service_.grpc_address();
    options.retries_max = 0;
    options.deadline_ms = 10'000;
    return Client::Connect(options).Check(request).error().reason;
  };
  const ClientOptions by_certificate{.tls_ca = service_.File("ca.pem"),
                                     .tls_cert = service_.File("acme.pem"),
                                     .tls_key = service_.File("acme.key")};
  const ClientOptions by_token{.tls_ca = service_.File("ca.pem"),
                               .token_file = service_.File("token")};
  EXPECT_EQ(reason({.tls_ca = service_.File("ca.pem")}), "NO_CREDENTIALS");
  EXPECT_EQ(reason(by_certificate), "NOT_ALLOWED");
  EXPECT_EQ(reason(by_token), "NOT_ALLOWED");
  request.company = "acme";
  EXPECT_EQ(reason(by_certificate), "UNKNOWN_COMPANY") << "let in, and nobody there yet";
  EXPECT_EQ(reason(by_token), "UNKNOWN_COMPANY");
}

TEST_F(TokensTest, AClientThatCannotSayWhoItIsSaysWhy) {
  const auto message = [](const ClientOptions& options) {
    const Answer answer = Client::Connect(options).Check({});
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalidArgument);
    return answer.error().message;
  };
  EXPECT_THAT(message({.address = "localhost:1", .tls_cert = "x"}), HasSubstr("tls_cert, tls_key"));
  EXPECT_THAT(message({.address = "localhost:1", .token_file = "x"}),
              HasSubstr("tls_ca: expected"));
  EXPECT_THAT(message({.address = "localhost:1", .tls_ca = "/nowhere"}),
              HasSubstr("tls_ca: /nowhere cannot be read"));
}

}  // namespace
}  // namespace consent::tests
