// SPDX-License-Identifier: Apache-2.0

#include "src/http/listener.h"

#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A client that says exactly what it is told to say.
class RawClient {
 public:
  explicit RawClient(int port, uint32_t from = INADDR_LOOPBACK)
      : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(from);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  ~RawClient() { close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool Send(const std::string& bytes) {
    return send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  // All that comes until the server ends the connection.
  std::string ReadToEnd() {
    std::string all;
    char buffer[4096];
    for (ssize_t n = 0; (n = recv(socket_, buffer, sizeof(buffer), 0)) > 0;) {
      all.append(buffer, static_cast<size_t>(n));
    }
    return all;
  }

 private:
  const int socket_;
};

Response Echo(const Request& request) {
  if (request.too_large) return Text(413, "too large");
  Response response{.status = 200, .content_type = "text/x-echo"};
  response.body = absl::StrCat(request.method, " ", request.path, " ", request.body);
  response.headers.emplace_back("X-Length", absl::StrCat(request.body.size()));
  return response;
}

std::unique_ptr<Listener> Start(Handler handler = Echo, ListenerOptions options = {}) {
  options.address = "127.0.0.1:0";
  auto listener = Listener::Start(options, std::move(handler));
  EXPECT_OK(listener);
  return *std::move(listener);
}

TEST(ListenerTest, GivesMethodPathHeadersAndBodyToTheHandler) {
  const auto listener = Start();
  httplib::Client client("127.0.0.1", listener->port());
  auto got = client.Get("/a%20b/c?d=e");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "GET /a b/c ");
  EXPECT_EQ(got->get_header_value("Content-Type"), "text/x-echo");
  got = client.Post("/p", "body", "text/plain");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "POST /p body");
  got = client.Head("/h");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->get_header_value("Content-Length"), "8");
  EXPECT_EQ(got->body, "");
}

TEST(ListenerTest, ListensOnLoopbackOnlyAndOnAPortOfItsOwn) {
  EXPECT_THAT(Listener::Start({.address = "0.0.0.0:0"}, Echo),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Listener::Start({.address = "127.0.0.1:x"}, Echo),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Listener::Start({.address = "127.0.0.1:70000"}, Echo),
              StatusIs(absl::StatusCode::kInvalidArgument));
  const auto first = Start();
  EXPECT_THAT(Listener::Start({.address = absl::StrCat("127.0.0.1:", first->port())}, Echo),
              StatusIs(absl::StatusCode::kUnavailable));
}

// Everything of 127.0.0.0/8 is this machine.
TEST(ListenerTest, WhoTricklesOnManyConnectionsHoldsOnlyTheirPartOfTheThreads) {
  const auto listener = Start(Echo, {.threads = 4, .queue = 16, .threads_per_address = 2});
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 10; ++i) {
    slow.push_back(std::make_unique<RawClient>(listener->port(), INADDR_LOOPBACK + 1));
    EXPECT_TRUE(slow.back()->Send("GET /sl"));
  }
  const auto began = steady_clock::now();
  for (int i = 0; i < 5; ++i) {
    RawClient other(listener->port());
    EXPECT_TRUE(other.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    EXPECT_THAT(other.ReadToEnd(), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_LT(steady_clock::now() - began, seconds(5)) << "a request may take ten";
  // Those set aside have their turn when one of theirs is done. Which two came first nobody knows.
  for (const auto& one : slow) {
    EXPECT_TRUE(one->Send("ow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  }
  for (const auto& one : slow) EXPECT_THAT(one->ReadToEnd(), StartsWith("HTTP/1.1 200"));
}

TEST(ListenerTest, UnpacksChunkedAndCompressedBodies) {
  const auto listener = Start();
  httplib::Client client("127.0.0.1", listener->port());
  const std::string body(10'000, 'a');
  client.set_compress(true);
  auto got = client.Post("/p", body, "application/json");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->get_header_value("X-Length"), "10000");
  RawClient raw(listener->port());
  raw.Send(
      "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_THAT(raw.ReadToEnd(), HasSubstr("POST /c abcde"));
}

TEST(ListenerTest, ABodyLargerThanTheLimitIsTooLargeHoweverItComes) {
  const auto listener = Start(Echo, {.body_bytes_max = 1000});
  httplib::Client client("127.0.0.1", listener->port());
  auto got = client.Post("/p", std::string(1000, 'a'), "application/json");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  got = client.Post("/p", std::string(1001, 'a'), "application/json");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 413);
  client.set_compress(true);  // A bomb: a few bytes that unpack to many.
  got = client.Post("/p", std::string(500'000, 'a'), "application/json");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 413);
  RawClient chunked(listener->port());
  chunked.Send("POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  chunked.Send("7d0\r\n" + std::string(2000, 'a') + "\r\n0\r\n\r\n");
  EXPECT_THAT(chunked.ReadToEnd(), StartsWith("HTTP/1.1 413"));
  RawClient huge(listener->port());
  huge.Send("POST /c HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n");
  EXPECT_THAT(huge.ReadToEnd(), StartsWith("HTTP/1.1 413"));
}

TEST(ListenerTest, RefusesWhatCouldBeReadInTwoWays) {
  const auto listener = Start();
  for (const std::string head : {
           "POST /p HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
           "POST /p HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST /p HTTP/1.1\r\nContent-Length: -3\r\n\r\nabc",
           "POST /p HTTP/1.1\r\nContent-Length: 3x\r\n\r\nabc",
           "POST /p HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nabc",
           "GET /p HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
           "GET /p HTTP/1.1\r\nAuthorization : x\r\n\r\n",
           "GET /p HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
           "GET /p HTTP/1.1\r\nAuthorization: x\n\r\n",
           "nonsense\r\n\r\n",
           "BREW /p HTTP/1.1\r\n\r\n",
           "GET /p HTTP/9.9\r\n\r\n",
       }) {
    RawClient client(listener->port());
    client.Send(head);
    const std::string answer = client.ReadToEnd();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400")) << head;
    // One answer, and the connection is over.
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << answer;
  }
}

TEST(ListenerTest, IgnoresRanges) {
  const auto listener = Start();
  httplib::Client client("127.0.0.1", listener->port());
  const auto got = client.Get("/abc", {{"Range", "bytes=0-1"}});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "GET /abc ");
}

TEST(ListenerTest, AHandlerThatThrowsShowsNothingOfIt) {
  const auto listener =
      Start([](const Request&) -> Response { throw std::runtime_error("inside"); });
  httplib::Client client("127.0.0.1", listener->port());
  const auto got = client.Get("/");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 500);
  EXPECT_EQ(got->body, "internal error\n");
  EXPECT_FALSE(got->has_header("EXCEPTION_WHAT"));
}

TEST(ListenerTest, HeadsHaveALimit) {
  const auto listener = Start();
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 2000; ++i) absl::StrAppend(&many, "H", i, ": value\r\n");
  RawClient client(listener->port());
  client.Send(many + "\r\n");
  EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 400"));
  RawClient longer(listener->port());
  longer.Send("GET /" + std::string(2000, 'a') + " HTTP/1.1\r\n\r\n");
  EXPECT_THAT(longer.ReadToEnd(), StartsWith("HTTP/1.1 414"));
}

TEST(ListenerTest, ASlowRequestIsCutOffHoweverSteadilyItTrickles) {
  const auto listener = Start(Echo, {.threads = 1, .request_seconds = 1});
  RawClient slow(listener->port());
  const auto began = steady_clock::now();
  std::thread trickle([&] {
    slow.Send("GET / HTTP/1.1\r\nX: ");
    while (steady_clock::now() - began < seconds(4) && slow.Send("a")) {
      std::this_thread::sleep_for(milliseconds(20));
    }
  });
  // The only thread is free again after a second; the next client is served.
  httplib::Client next("127.0.0.1", listener->port());
  next.set_read_timeout(10);
  const auto got = next.Get("/next");
  EXPECT_LT(steady_clock::now() - began, milliseconds(3500));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  trickle.join();
}

TEST(ListenerTest, ARequestThatStopsHalfwayIsCutOff) {
  const auto listener = Start(Echo, {.threads = 1, .request_seconds = 1});
  RawClient silent(listener->port());
  silent.Send("GET / HTTP/1.1\r\nX: ");
  const auto began = steady_clock::now();
  EXPECT_THAT(silent.ReadToEnd(), StartsWith("HTTP/1.1 400"));
  EXPECT_LT(steady_clock::now() - began, milliseconds(3500));
}

TEST(ListenerTest, ABodyThatTricklesIsCutOffToo) {
  const auto listener = Start(Echo, {.threads = 1, .request_seconds = 1});
  RawClient slow(listener->port());
  const auto began = steady_clock::now();
  slow.Send("POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n");
  std::thread trickle([&] {
    while (steady_clock::now() - began < seconds(4) && slow.Send("a")) {
      std::this_thread::sleep_for(milliseconds(20));
    }
  });
  EXPECT_THAT(slow.ReadToEnd(), StartsWith("HTTP/1.1 400"));
  EXPECT_LT(steady_clock::now() - began, milliseconds(3500));
  trickle.join();
}

TEST(ListenerTest, AnIdleConnectionMakesWayForOneThatWaits) {
  const auto listener = Start(Echo, {.threads = 1});
  RawClient idle(listener->port());
  idle.Send("GET /1 HTTP/1.1\r\n\r\n");
  std::this_thread::sleep_for(milliseconds(100));
  const auto began = steady_clock::now();
  httplib::Client next("127.0.0.1", listener->port());
  const auto got = next.Get("/2");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_LT(steady_clock::now() - began, seconds(2));
}

TEST(ListenerTest, KeepsAConnectionForManyRequestsButNotForEver) {
  const auto listener = Start();
  RawClient client(listener->port());
  std::string requests;
  for (int i = 0; i < kRequestsPerConnectionMax + 5; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\n\r\n";
  }
  client.Send(requests);
  const std::string answers = client.ReadToEnd();
  EXPECT_THAT(answers, HasSubstr(absl::StrCat("GET /", kRequestsPerConnectionMax - 1, " ")));
  EXPECT_THAT(answers, Not(HasSubstr(absl::StrCat("GET /", kRequestsPerConnectionMax, " "))));
}

TEST(ListenerTest, OneConnectionTooManyIsTold503) {
  std::promise<void> go;
  const std::shared_future<void> gone(go.get_future());
  std::atomic<int> busy{0};
  const auto listener = Start(
      [&](const Request& request) {
        ++busy;
        gone.wait();
        return Echo(request);
      },
      {.threads = 1, .queue = 1});
  RawClient served(listener->port());
  served.Send("GET /1 HTTP/1.1\r\nConnection: close\r\n\r\n");
  while (busy == 0) std::this_thread::sleep_for(milliseconds(1));
  RawClient waiting(listener->port());
  waiting.Send("GET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
  std::this_thread::sleep_for(milliseconds(100));
  RawClient refused(listener->port());
  const std::string answer = refused.ReadToEnd();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\ntoo many connections; come again\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 33\r\n"));
  go.set_value();
  EXPECT_THAT(served.ReadToEnd(), HasSubstr("GET /1"));
  EXPECT_THAT(waiting.ReadToEnd(), HasSubstr("GET /2"));
}

TEST(ListenerTest, StopEndsIdleConnectionsAndAnswersWhatIsUnderWay) {
  std::atomic<bool> busy{false};
  auto listener = Start([&](const Request& request) {
    busy = true;
    std::this_thread::sleep_for(milliseconds(300));
    return Echo(request);
  });
  RawClient idle(listener->port());
  RawClient working(listener->port());
  working.Send("GET /last HTTP/1.1\r\n\r\n");
  while (!busy) std::this_thread::sleep_for(milliseconds(1));
  const auto began = steady_clock::now();
  listener->Stop();
  EXPECT_LT(steady_clock::now() - began, seconds(2));
  EXPECT_THAT(working.ReadToEnd(), HasSubstr("GET /last"));
  EXPECT_EQ(idle.ReadToEnd(), "");
  listener->Stop();
}

}  // namespace
}  // namespace consent::http
