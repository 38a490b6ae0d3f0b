// SPDX-License-Identifier: Apache-2.0
//
// Connections by themselves, with plain sockets, and before a server. Everything of 127.0.0.0/8 is
// this machine, so one machine has many addresses.

#include "src/api/connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/mutex.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

// A client's socket, from an address of its own.
class Caller {
 public:
  Caller(int port, const char* from = "127.0.0.1")
      : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in own = {};
    own.sin_family = AF_INET;
    inet_pton(AF_INET, from, &own.sin_addr);
    bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof(own));
    sockaddr_in to = own;
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    to.sin_port = htons(static_cast<uint16_t>(port));
    connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to));
  }
  ~Caller() { close(socket_); }
  Caller(const Caller&) = delete;

  // Whether the server has closed it, looked at for at most so long.
  bool IsClosed(int ms) const {
    pollfd waiting{socket_, POLLIN, 0};
    char byte = 0;
    return poll(&waiting, 1, ms) > 0 && recv(socket_, &byte, 1, MSG_DONTWAIT) <= 0;
  }

 private:
  const int socket_;
};

class ConnectionsTest : public testing::Test {
 protected:
  ~ConnectionsTest() override {
    if (connections_ != nullptr) connections_->Stop();
    CloseAll();
  }
  void Listen(const ConnectionLimits& limits) {
    auto listening = Connections::Listen("127.0.0.1:0", limits);
    ASSERT_OK(listening);
    connections_ = *std::move(listening);
    connections_->Start([this](int socket) {
      MutexLock lock(&mutex_);
      taken_.push_back(socket);
    });
  }
  size_t Taken(size_t expected) {
    for (int i = 0; i < 500; ++i, absl::SleepFor(absl::Milliseconds(10))) {
      MutexLock lock(&mutex_);
      if (taken_.size() >= expected) break;
    }
    MutexLock lock(&mutex_);
    return taken_.size();
  }
  void CloseAll() {
    MutexLock lock(&mutex_);
    for (const int socket : taken_) close(socket);
    taken_.clear();
  }

  Mutex mutex_;
  std::vector<int> taken_;
  std::unique_ptr<Connections> connections_;
};

TEST_F(ConnectionsTest, OneTooManyOfAnAddressIsClosedAndAnothersIsNot) {
  Listen({.all = 100, .per_address = 2});
  const Caller first(connections_->port()), second(connections_->port());
  EXPECT_EQ(Taken(2), 2u);
  const Caller third(connections_->port());
  EXPECT_TRUE(third.IsClosed(5000));
  const Caller other(connections_->port(), "127.0.0.2");
  EXPECT_EQ(Taken(3), 3u);
  EXPECT_FALSE(other.IsClosed(50));
  EXPECT_FALSE(first.IsClosed(0));
  EXPECT_EQ(connections_->refused(), 1u);
}

TEST_F(ConnectionsTest, OneTooManyInAllIsClosedWhereverItComesFrom) {
  Listen({.all = 2, .per_address = 0});
  const Caller first(connections_->port()), second(connections_->port(), "127.0.0.2");
  EXPECT_EQ(Taken(2), 2u);
  EXPECT_TRUE(Caller(connections_->port(), "127.0.0.3").IsClosed(5000));
}

TEST_F(ConnectionsTest, WhatHasEndedMakesRoom) {
  Listen({.all = 3, .per_address = 3});
  for (int round = 0; round < 20; ++round) {
    const Caller first(connections_->port()), second(connections_->port()),
        third(connections_->port());
    ASSERT_EQ(Taken(3), 3u) << round;
    CloseAll();
    absl::SleepFor(absl::Milliseconds(15));
  }
  EXPECT_EQ(connections_->refused(), 0u);
}

TEST_F(ConnectionsTest, WithoutLimitsManyAreTaken) {
  Listen({});
  std::vector<std::unique_ptr<Caller>> callers;
  for (int i = 0; i < 200; ++i) callers.push_back(std::make_unique<Caller>(connections_->port()));
  EXPECT_EQ(Taken(200), 200u);
}

TEST(ConnectionsAddressTest, WhatIsNoAddressIsNamed) {
  for (const char* address : {"127.0.0.1", "127.0.0.1:port", "no.such.host.invalid:0"}) {
    EXPECT_THAT(Connections::Listen(address, {}), StatusIs(absl::StatusCode::kInvalidArgument))
        << address;
  }
}

TEST(ConnectionsServerTest, AServerWithItsConnectionsTakenServesThoseItHas) {
  TestServer server(nullptr, nullptr, {.connections = {.all = 10, .per_address = 2}});
  std::string response;
  ASSERT_TRUE(server.Call("/grpc.health.v1.Health/Check", "", &response).ok());
  const Caller left_open(server.server->port());  // And never a word.
  const Caller refused(server.server->port());
  EXPECT_TRUE(refused.IsClosed(5000));
  EXPECT_TRUE(server.Call("/grpc.health.v1.Health/Check", "", &response).ok());
}

}  // namespace
}  // namespace consent::api
