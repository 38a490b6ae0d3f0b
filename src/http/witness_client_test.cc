// SPDX-License-Identifier: Apache-2.0

#include "src/http/witness_client.h"

#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/http/listener.h"
#include "src/http/test_log.h"
#include "src/http/witness.h"
#include "src/tlog/cosignature.h"

namespace consent::http {
namespace {

constexpr char kWitnessName[] = "witness.example/w1";

class WitnessClientTest : public testing::Test {
 protected:
  WitnessClientTest() {
    std::string pattern = testing::TempDir() + "/witness-client-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    auto witness =
        Witness::Open({.state = folder_, .signer = signer_, .logs = {log_.key()}, .now = [] {
                         return Instant{1'800'000'000};
                       }});
    EXPECT_OK(witness);
    witness_ = *std::move(witness);
    Serve([this](const Request& request) { return witness_->Answer(request); });
  }
  ~WitnessClientTest() override {
    listener_.reset();
    witness_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Serve(Handler handler) {
    listener_.reset();
    auto listener = Listener::Start({.address = "127.0.0.1:0"}, std::move(handler));
    ASSERT_OK(listener);
    listener_ = *std::move(listener);
  }
  // A witness that answers everything so.
  void Lie(int status, const std::string& body, const std::string& type = kPlainText) {
    Serve([=](const Request&) {
      return Response{.status = status, .content_type = type, .body = body};
    });
  }

  WitnessClient Client(const std::string& prefix = "") {
    auto client =
        WitnessClient::Create({.url = absl::StrCat("http://127.0.0.1:", listener_->port(), prefix),
                               .key = signer_.verifier_key(),
                               .timeout = absl::Milliseconds(500)});
    EXPECT_OK(client);
    return *std::move(client);
  }

  const TestLog log_;
  const tlog::NoteSigner signer_ = TestKey(kWitnessName, 'w', tlog::KeyType::kCosignature);
  std::string folder_;
  std::unique_ptr<Witness> witness_;
  std::unique_ptr<Listener> listener_;
};

TEST_F(WitnessClientTest, GetsCosignatures) {
  ASSERT_OK_AND_ASSIGN(const auto added, Client().AddCheckpoint(log_.Request(0, 8)));
  ASSERT_EQ(added.cosignatures.size(), 1u);
  EXPECT_EQ(added.cosignatures[0].signature.name, kWitnessName);
  EXPECT_FALSE(added.known_size.has_value());
  ASSERT_OK_AND_ASSIGN(const std::string last, Client("/").LastCheckpoint(log_.origin()));
  EXPECT_TRUE(last.starts_with("example.com/log\n8\n"));
}

TEST_F(WitnessClientTest, IsToldTheSizeThatTheWitnessKnows) {
  ASSERT_OK(Client().AddCheckpoint(log_.Request(0, 8)));
  ASSERT_OK_AND_ASSIGN(const auto added, Client().AddCheckpoint(log_.Request(3, 9)));
  EXPECT_EQ(added.known_size, TreeSize{8});
  EXPECT_TRUE(added.cosignatures.empty());
}

TEST_F(WitnessClientTest, TellsRefusalsApart) {
  EXPECT_THAT(Client().AddCheckpoint(TestLog("example.com/x").Request(0, 1)),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Client().LastCheckpoint(log_.origin()), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_OK(Client().AddCheckpoint(log_.Request(0, 8)));
  EXPECT_THAT(Client().AddCheckpoint(log_.Request(8, 8, true)),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Client("/elsewhere").AddCheckpoint(log_.Request(8, 8)),
              StatusIs(absl::StatusCode::kNotFound));
  Lie(403, "no");
  EXPECT_THAT(Client().AddCheckpoint(log_.Request(0, 8)),
              StatusIs(absl::StatusCode::kPermissionDenied));
  Lie(500, "");
  EXPECT_THAT(Client().AddCheckpoint(log_.Request(0, 8)), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(WitnessClientTest, BelievesNoCosignatureThatDoesNotVerify) {
  const std::string text = tlog::ParseNote(log_.Checkpoint(8))->text;
  const Instant now{1'800'000'000};
  const std::string good = tlog::Cosign(signer_, text, now)->ToLine();
  const auto stranger = TestKey("stranger.example", 's', tlog::KeyType::kCosignature);
  const std::string strange = tlog::Cosign(stranger, text, now)->ToLine();
  const std::string wrong = tlog::Cosign(signer_, text + "x\n", now)->ToLine();
  Lie(200, strange + good);
  ASSERT_OK_AND_ASSIGN(const auto added, Client().AddCheckpoint(log_.Request(0, 8)));
  EXPECT_EQ(added.cosignatures.size(), 1u);
  for (const std::string& lie : {strange, wrong, std::string("garbage"), std::string()}) {
    Lie(200, lie);
    EXPECT_THAT(Client().AddCheckpoint(log_.Request(0, 8)),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << lie;
  }
  for (const std::string& lie : {log_.Checkpoint(8), log_.Checkpoint(8) + wrong}) {
    Lie(200, lie);
    EXPECT_THAT(Client().LastCheckpoint(log_.origin()),
                StatusIs(absl::StatusCode::kPermissionDenied));
  }
  Lie(200, log_.Checkpoint(8) + good);
  EXPECT_OK(Client().LastCheckpoint(log_.origin()));
}

TEST_F(WitnessClientTest, AConflictWithoutASizeIsNoAnswer) {
  for (const auto& [body, type] : std::vector<std::pair<std::string, std::string>>{
           {"8\n", "text/plain"}, {"8", "text/x.tlog.size"}, {"", "text/x.tlog.size"}}) {
    Lie(409, body, type);
    EXPECT_THAT(Client().AddCheckpoint(log_.Request(0, 8)),
                StatusIs(absl::StatusCode::kUnavailable));
  }
}

TEST_F(WitnessClientTest, ASilentOrEndlessWitnessCostsNoMoreThanTheTimeout) {
  const auto began = std::chrono::steady_clock::now();
  Serve([](const Request&) {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    return Text(200, "late");
  });
  EXPECT_THAT(Client().AddCheckpoint(log_.Request(0, 8)), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1500));
  Lie(200, std::string(3 << 20, 'a'));
  EXPECT_THAT(Client().AddCheckpoint(log_.Request(0, 8)), StatusIs(absl::StatusCode::kUnavailable));
  const int gone = listener_->port();
  listener_.reset();
  const auto client = WitnessClient::Create(
      {.url = absl::StrCat("http://127.0.0.1:", gone), .key = signer_.verifier_key()});
  ASSERT_OK(client);
  EXPECT_THAT(client->AddCheckpoint(log_.Request(0, 8)), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(WitnessClientTest, AWitnessThatTricklesIsCutOff) {
  // A server that sends a header which never ends, a byte every 50 ms.
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  ASSERT_EQ(bind(server, reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(listen(server, 1), 0);
  getsockname(server, reinterpret_cast<sockaddr*>(&address), &length);
  std::thread trickle([&] {
    const int connection = accept(server, nullptr, nullptr);
    const std::string head = "HTTP/1.1 200 OK\r\nX: " + std::string(60, 'a');
    for (const char c : head) {
      if (send(connection, &c, 1, MSG_NOSIGNAL) != 1) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    close(connection);
  });
  const auto client =
      WitnessClient::Create({.url = absl::StrCat("http://127.0.0.1:", ntohs(address.sin_port)),
                             .key = signer_.verifier_key(),
                             .timeout = absl::Milliseconds(500)});
  ASSERT_OK(client);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(client->AddCheckpoint(log_.Request(0, 8)), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(1500));
  trickle.join();
  close(server);
}

TEST_F(WitnessClientTest, SpeaksTlsWithThoseItCanIdentifyAlone) {
  const std::string key = folder_ + "/tls.key";
  const std::string certificate = folder_ + "/tls.crt";
  const std::string make =
      "openssl req -x509 -newkey ed25519 -nodes -days 2 -subj /CN=localhost "
      "-addext subjectAltName=DNS:localhost -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  ASSERT_EQ(std::system(make.c_str()), 0);
  httplib::SSLServer server(certificate.c_str(), key.c_str());
  ASSERT_TRUE(server.is_valid());
  server.Post("/add-checkpoint", [this](const httplib::Request& from, httplib::Response& to) {
    const Response answer = witness_->Answer(
        {.method = "POST", .path = "/add-checkpoint", .headers = {}, .body = from.body});
    to.status = answer.status;
    to.set_content(answer.body, answer.content_type);
  });
  const int port = server.bind_to_any_port("localhost");
  std::thread serving([&] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  WitnessClient::Options options{.url = absl::StrCat("https://localhost:", port),
                                 .key = signer_.verifier_key()};
  EXPECT_THAT(WitnessClient::Create(options)->AddCheckpoint(log_.Request(0, 8)),
              StatusIs(absl::StatusCode::kUnavailable));  // Nobody vouches for its certificate.
  options.authorities = certificate;
  const auto added = WitnessClient::Create(options)->AddCheckpoint(log_.Request(0, 8));
  EXPECT_OK(added);
  options.url = absl::StrCat("https://127.0.0.1:", port);  // Not the name in the certificate.
  EXPECT_THAT(WitnessClient::Create(options)->AddCheckpoint(log_.Request(8, 8)),
              StatusIs(absl::StatusCode::kUnavailable));
  server.stop();
  serving.join();
}

TEST_F(WitnessClientTest, UrlsOfOtherFormsAreRefused) {
  for (const char* url : {"", "witness.example", "ftp://witness.example", "http://", "https:///x",
                          "http://a/?q", "http://u@a/", "http://a b/", "file:///etc/passwd"}) {
    EXPECT_THAT(WitnessClient::Create({.url = url, .key = signer_.verifier_key()}),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << url;
  }
  EXPECT_THAT(WitnessClient::Create({.url = "http://a", .key = log_.key()}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace consent::http
