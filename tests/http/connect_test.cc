// SPDX-License-Identifier: Apache-2.0
//
// The Connect protocol before the real services: raw HTTP in, their answers out.

#include <httplib.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "consent/v1/contact_service.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/api/test_server.h"
#include "src/base/status_matchers.h"
#include "src/http/server.h"

namespace consent::http {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kConsume[] = "/consent.v1.ContactService/CheckAndConsume";
constexpr char kJson[] = "application/json";
constexpr char kProto[] = "application/proto";

const std::vector<std::string>& Services() {
  static const std::vector<std::string> services = {
      "consent.v1.ContactService", "consent.v1.GrantService", "consent.v1.DirectoryService",
      "consent.v1.JournalService"};
  return services;
}

class ConnectTest : public testing::Test {
 protected:
  ConnectTest() {
    auto started = Server::Start(
        {.listener = {.address = "127.0.0.1:0"},
         .connect = {.channel = grpc_.server->InProcessChannel(), .services = Services()}});
    EXPECT_OK(started);
    server_ = *std::move(started);
    client_ = std::make_unique<httplib::Client>("127.0.0.1", server_->port());
  }

  httplib::Result Post(const std::string& path, const std::string& body,
                       const char* content_type = kJson, const httplib::Headers& headers = {}) {
    return client_->Post(path, headers, body, content_type);
  }

  // Expects an error of the protocol's form; returns it.
  static json ErrorIn(const httplib::Result& got, int status, const std::string& code) {
    EXPECT_TRUE(got);
    if (!got) return {};
    EXPECT_EQ(got->status, status) << got->body;
    EXPECT_EQ(got->get_header_value("Content-Type"), kJson);
    EXPECT_THAT(got->body, Not(HasSubstr("63998")));
    json error = json::parse(got->body, nullptr, false);
    EXPECT_FALSE(error.is_discarded()) << got->body;
    if (error.is_discarded()) return {};
    EXPECT_EQ(error["code"], code);
    return error;
  }

  api::TestServer grpc_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<httplib::Client> client_;
};

constexpr char kRequest[] =
    R"({"contactPoint":"tel:+33639980001","company":"acme","channel":"CHANNEL_CALL",)"
    R"("purpose":"PURPOSE_DIRECT_MARKETING","requestId":"r1"})";
constexpr char kUnknownCompany[] =
    R"({"contactPoint":"tel:+33639980001","company":"nobody","channel":"CHANNEL_CALL",)"
    R"("purpose":"PURPOSE_DIRECT_MARKETING","requestId":"r1"})";

TEST_F(ConnectTest, AnswersInJson) {
  const auto got = Post(kConsume, kRequest, "application/json; charset=utf-8");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200) << got->body;
  EXPECT_EQ(got->get_header_value("Content-Type"), kJson);
  const json answer = json::parse(got->body);
  EXPECT_EQ(answer["decision"]["verdict"], "VERDICT_DENIED") << got->body;
  EXPECT_EQ(answer["decision"]["reason"], "REASON_NO_PERMISSION");
}

TEST_F(ConnectTest, AnswersInBinary) {
  const auto got = Post(kConsume, api::ConsumeRequest("r1").SerializeAsString(), kProto,
                        {{"Connect-Protocol-Version", "1"}, {"Connect-Timeout-Ms", "5000"}});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200) << got->body;
  EXPECT_EQ(got->get_header_value("Content-Type"), kProto);
  v1::CheckAndConsumeResponse answer;
  ASSERT_TRUE(answer.ParseFromString(got->body));
  EXPECT_EQ(answer.decision().verdict(), v1::VERDICT_DENIED);
}

TEST_F(ConnectTest, AnEmptyBinaryMessageIsAMessage) {
  const auto got = Post("/consent.v1.DirectoryService/GetLedger", "", kProto);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_NE(got->body, "");
}

TEST_F(ConnectTest, AnErrorOfTheServiceKeepsItsDetails) {
  const json error = ErrorIn(Post(kConsume, kUnknownCompany), 404, "not_found");
  ASSERT_FALSE(error["details"].empty()) << error;
  const json& detail = error["details"][0];
  EXPECT_EQ(detail["type"], "google.rpc.ErrorInfo");
  EXPECT_EQ(detail["debug"]["reason"], "UNKNOWN_COMPANY");
  const std::string value = detail["value"];
  EXPECT_EQ(value.find('='), std::string::npos);
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(value, &bytes));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(info.ParseFromString(bytes));
  EXPECT_EQ(info.reason(), "UNKNOWN_COMPANY");
  EXPECT_EQ(info.domain(), "consent.v1");
}

TEST_F(ConnectTest, JsonThatIsNotTheRequestsIsInvalid) {
  for (const std::string body :
       {"", "{", "[]", R"({"contactPoint":"tel:+33639980001","chanel":"CHANNEL_CALL"})",
        R"({"channel":"+33639980001"})", R"({"permitTtl":"+33639980001"})",
        R"({"+33639980001":1})"}) {
    ErrorIn(Post(kConsume, body), 400, "invalid_argument");
  }
  EXPECT_THAT(
      std::string(ErrorIn(Post(kConsume, R"({"chanel":1})"), 400, "invalid_argument")["message"]),
      HasSubstr("\"chanel\""));
}

TEST_F(ConnectTest, BytesThatAreNoMessageAreAnError) {
  const auto got = Post(kConsume, "\xff\xff\xff", kProto);
  ASSERT_TRUE(got);
  EXPECT_GE(got->status, 400);
}

TEST_F(ConnectTest, MethodsThatThereAreNotAre404) {
  for (const char* path :
       {"/consent.v1.ContactService/Nothing", "/consent.v1.NoService/CheckAndConsume",
        "/grpc.health.v1.Health/Check", "/google.protobuf.Empty/x"}) {
    ErrorIn(Post(path, "{}"), 404, "unimplemented");
  }
}

TEST_F(ConnectTest, StreamingMethodsAreUnimplemented) {
  for (const char* path : {"/consent.v1.JournalService/StreamEntries",
                           "/consent.v1.ContactService/StreamCheckAndConsume"}) {
    const json error = ErrorIn(Post(path, "{}"), 501, "unimplemented");
    EXPECT_THAT(std::string(error["message"]), HasSubstr("gRPC"));
  }
}

TEST_F(ConnectTest, OnlyPostCalls) {
  const auto got = client_->Get(kConsume);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 405);
  EXPECT_EQ(got->get_header_value("Allow"), "POST");
  const auto options = client_->Options(kConsume);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->status, 405);
}

TEST_F(ConnectTest, OtherContentTypesAreRefused) {
  for (const char* type :
       {"text/plain", "application/x-www-form-urlencoded", "application/grpc+proto",
        "application/connect+json", "application/json; charset=latin1", "application/jsonx"}) {
    const auto got = Post(kConsume, "{}", type);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 415) << type;
    EXPECT_EQ(got->get_header_value("Accept-Post"), "application/json, application/proto");
  }
}

TEST_F(ConnectTest, HeadersOfTheProtocolAreChecked) {
  ErrorIn(Post(kConsume, kRequest, kJson, {{"Connect-Protocol-Version", "2"}}), 400,
          "invalid_argument");
  for (const char* timeout : {"-1", "1.5", "abc", "12345678901", "1s"}) {
    ErrorIn(Post(kConsume, kRequest, kJson, {{"Connect-Timeout-Ms", timeout}}), 400,
            "invalid_argument");
  }
  ErrorIn(Post(kConsume, kRequest, kJson, {{"Connect-Timeout-Ms", "0"}}), 504, "deadline_exceeded");
  const auto compressed = Post(kConsume, kRequest, kJson, {{"Content-Encoding", "zstd"}});
  ASSERT_TRUE(compressed);
  EXPECT_EQ(compressed->status, 415);
}

TEST_F(ConnectTest, APageOfAnotherSiteGetsNowhere) {
  for (const char* host :
       {"ledger.example", "ledger.example:80", "127.0.0.1.example:80", "", "[2001:db8::1]:80"}) {
    ErrorIn(Post(kConsume, kRequest, kJson, {{"Host", host}}), 403, "permission_denied");
  }
  ErrorIn(Post(kConsume, kRequest, kJson, {{"Origin", "https://evil.example"}}), 403,
          "permission_denied");
  ErrorIn(Post(kConsume, kRequest, kJson, {{"Origin", "null"}}), 403, "permission_denied");
  for (const char* host : {"localhost", "localhost:80", "127.0.0.1", "[::1]:80", "[::1]"}) {
    ErrorIn(Post(kConsume, kUnknownCompany, kJson,
                 {{"Host", host}, {"Origin", "http://localhost:3000"}}),
            404, "not_found");
  }
}

TEST_F(ConnectTest, TooMuchIsRefused) {
  const json error =
      ErrorIn(Post(kConsume, std::string((4 << 20) + 1, ' ')), 413, "resource_exhausted");
  EXPECT_THAT(std::string(error["message"]), HasSubstr("too large"));
}

TEST_F(ConnectTest, ServesFrontPageAndNothingElse) {
  const auto front = client_->Get("/");
  ASSERT_TRUE(front);
  EXPECT_EQ(front->status, 200);
  EXPECT_THAT(front->body, HasSubstr("/consent.v1.ContactService/"));
  EXPECT_EQ(front->get_header_value("X-Content-Type-Options"), "nosniff");
  for (const char* path : {"/checkpoint", "/.well-known/jwks.json", "/etc/passwd"}) {
    const auto got = client_->Get(path);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 404) << path;
  }
}

TEST_F(ConnectTest, SaysWhetherTheServerServes) {
  const auto status = [&](const char* path) {
    const auto got = client_->Get(path);
    return got ? got->status : 0;
  };
  EXPECT_EQ(status("/health"), 200);
  EXPECT_EQ(status("/health/live"), 200);
  EXPECT_EQ(status("/health/other"), 404);
  EXPECT_EQ(client_->Post("/health")->status, 405);
  auto lonely = Server::Start({.listener = {.address = "127.0.0.1:0"},
                               .connect = {.channel = grpc::CreateChannel(
                                               "127.0.0.1:1", grpc::InsecureChannelCredentials()),
                                           .services = Services()}});
  ASSERT_OK(lonely);
  client_ = std::make_unique<httplib::Client>("127.0.0.1", (*lonely)->port());
  EXPECT_EQ(status("/health"), 503);
  EXPECT_EQ(status("/health/live"), 200) << "this port still answers";
}

TEST_F(ConnectTest, ManyAskAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> answered{0};
  for (int t = 0; t < 12; ++t) {
    threads.emplace_back([&] {
      httplib::Client client("127.0.0.1", server_->port());
      client.set_keep_alive(true);
      client.set_tcp_nodelay(true);
      for (int i = 0; i < 30; ++i) {
        const auto got = client.Post(kConsume, kRequest, kJson);
        if (got && got->status == 200) ++answered;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 12 * 30);
}

TEST_F(ConnectTest, AServerThatHasGoneIsUnavailable) {
  auto started = Server::Start({.listener = {.address = "127.0.0.1:0"},
                                .connect = {.channel = grpc::CreateChannel(
                                                "127.0.0.1:1", grpc::InsecureChannelCredentials()),
                                            .services = Services()}});
  ASSERT_OK(started);
  client_ = std::make_unique<httplib::Client>("127.0.0.1", (*started)->port());
  ErrorIn(Post(kConsume, kRequest), 503, "unavailable");
}

// A service that fails as the request's id tells it to.
class Failing : public grpc::CallbackGenericService {
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    class Reactor : public grpc::ServerGenericBidiReactor {
     public:
      Reactor() { StartRead(&bytes_); }
      void OnReadDone(bool) override {
        grpc::Slice slice;
        v1::CheckAndConsumeRequest request;
        if (bytes_.DumpToSingleSlice(&slice).ok()) {
          request.ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
        }
        if (request.request_id() == "never") return;
        Finish({static_cast<grpc::StatusCode>(std::stoi(request.request_id())), "as told"});
      }
      void OnCancel() override {
        bool once = false;
        if (cancelled_.compare_exchange_strong(once, true)) Finish(grpc::Status::CANCELLED);
      }
      void OnDone() override { delete this; }

     private:
      grpc::ByteBuffer bytes_;
      std::atomic<bool> cancelled_{false};
    };
    return new Reactor;
  }
};

class FailingServiceTest : public ConnectTest {
 protected:
  FailingServiceTest() {
    grpc::ServerBuilder builder;
    builder.RegisterCallbackGenericService(&service_);
    failing_ = builder.BuildAndStart();
    auto started = Server::Start({.listener = {.address = "127.0.0.1:0"},
                                  .connect = {.channel = failing_->InProcessChannel({}),
                                              .services = Services(),
                                              .timeout_max = absl::Milliseconds(300)}});
    EXPECT_OK(started);
    server_ = *std::move(started);
    client_ = std::make_unique<httplib::Client>("127.0.0.1", server_->port());
  }
  ~FailingServiceTest() override {
    server_.reset();
    failing_->Shutdown(absl::ToChronoTime(absl::Now()));
  }

  Failing service_;
  std::unique_ptr<grpc::Server> failing_;
};

TEST_F(FailingServiceTest, EveryCodeArrivesAsItself) {
  const std::vector<std::pair<std::string, int>> codes = {{"canceled", 499},
                                                          {"unknown", 500},
                                                          {"invalid_argument", 400},
                                                          {"deadline_exceeded", 504},
                                                          {"not_found", 404},
                                                          {"already_exists", 409},
                                                          {"permission_denied", 403},
                                                          {"resource_exhausted", 429},
                                                          {"failed_precondition", 400},
                                                          {"aborted", 409},
                                                          {"out_of_range", 400},
                                                          {"unimplemented", 501},
                                                          {"internal", 500},
                                                          {"unavailable", 503},
                                                          {"data_loss", 500},
                                                          {"unauthenticated", 401}};
  for (size_t i = 0; i < codes.size(); ++i) {
    const json error = ErrorIn(Post(kConsume, absl::StrCat(R"({"requestId":")", i + 1, "\"}")),
                               codes[i].second, codes[i].first);
    EXPECT_EQ(error["message"], "as told");
  }
}

TEST_F(FailingServiceTest, ACallThatTakesTooLongEnds) {
  const absl::Time began = absl::Now();
  ErrorIn(Post(kConsume, R"({"requestId":"never"})", kJson, {{"Connect-Timeout-Ms", "50"}}), 504,
          "deadline_exceeded");
  EXPECT_LT(absl::Now() - began, absl::Milliseconds(250));
  ErrorIn(Post(kConsume, R"({"requestId":"never"})", kJson, {{"Connect-Timeout-Ms", "600000"}}),
          504, "deadline_exceeded");
}

}  // namespace
}  // namespace consent::http
