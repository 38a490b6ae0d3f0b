// SPDX-License-Identifier: Apache-2.0

#include "src/api/connections.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/clock.h"
#include "src/base/peer_address.h"
#include "src/base/status_macros.h"

namespace consent::api {
namespace {

// How many connections may wait to be accepted.
constexpr int kBacklog = 1024;
constexpr int64_t kLookEveryMs = 10;
constexpr size_t kLookAtMin = 4096;
// While the process may open no further file.
constexpr absl::Duration kNoFilesPause = absl::Milliseconds(50);

int64_t NowMs() { return SystemClock().SteadyMillis(); }

absl::Status CannotListen(const std::string& address, const std::string& why) {
  return absl::UnavailableError(absl::StrCat("cannot listen on ", address, ": ", why));
}

void Set(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof(value));
}

// 0 for what is no socket, or none any more.
uint64_t CookieOf(int socket) {
  uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  return getsockopt(socket, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

int PortOf(int listener) {
  sockaddr_storage own = {};
  socklen_t size = sizeof(own);
  getsockname(listener, reinterpret_cast<sockaddr*>(&own), &size);
  return ntohs(own.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(own).sin_port
                                        : reinterpret_cast<sockaddr_in6&>(own).sin6_port);
}

void SetPort(addrinfo& address, int port) {
  if (address.ai_family == AF_INET) {
    reinterpret_cast<sockaddr_in*>(address.ai_addr)->sin_port = htons(static_cast<uint16_t>(port));
  } else {
    reinterpret_cast<sockaddr_in6*>(address.ai_addr)->sin6_port =
        htons(static_cast<uint16_t>(port));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connections>> Connections::Listen(const std::string& address,
                                                                 const ConnectionLimits& limits) {
  auto connections = std::unique_ptr<Connections>(new Connections(limits));
  connections->stop_event_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const size_t colon = address.rfind(':');
  if (connections->stop_event_ < 0 || colon == std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat("address: expected HOST:PORT, found ", address));
  }
  std::string host = address.substr(0, colon);
  const std::string port = address.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host != "0.0.0.0" && host != "::") {
    RETURN_IF_ERROR(connections->Bind(host, port));
  } else if (absl::Status all = connections->Bind("::", port); !all.ok()) {
    // A machine without IPv6.
    if (host == "::") return all;
    RETURN_IF_ERROR(connections->Bind("0.0.0.0", port));
  }
  return connections;
}

absl::Status Connections::Bind(const std::string& host, const std::string& port) {
  const std::string address = absl::StrCat(host, ":", port);
  addrinfo hints = {};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("address: expected HOST:PORT, found ", address, ": ", gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  absl::Status last = CannotListen(address, "it has no address");
  for (addrinfo* each = found; each != nullptr; each = each->ai_next) {
    if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
    if (port_ != 0) SetPort(*each, port_);
    const int listener =
        socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (listener < 0) continue;
    // After a restart, though connections of before still end. Two processes on one port would each
    // answer half of the calls: SO_REUSEPORT is not set.
    Set(listener, SOL_SOCKET, SO_REUSEADDR, 1);
    Set(listener, IPPROTO_TCP, TCP_NODELAY, 1);  // Those accepted have it from here.
    if (each->ai_family == AF_INET6) Set(listener, IPPROTO_IPV6, IPV6_V6ONLY, host != "::");
    if (bind(listener, each->ai_addr, each->ai_addrlen) == 0 && listen(listener, kBacklog) == 0) {
      listeners_.push_back(listener);
      port_ = PortOf(listener);
      continue;
    }
    last = CannotListen(address, std::strerror(errno));
    const bool taken = errno == EADDRINUSE;
    close(listener);
    if (taken) return last;
  }
  return listeners_.empty() ? last : absl::OkStatus();
}

Connections::~Connections() {
  Stop();
  if (stop_event_ >= 0) close(stop_event_);
}

void Connections::Start(Take take) {
  take_ = std::move(take);
  thread_ = std::thread([this] { Run(); });
}

void Connections::Stop() {
  if (thread_.joinable()) {
    const uint64_t one = 1;
    const ssize_t written = write(stop_event_, &one, sizeof(one));
    (void)written;  // An event that is there already stops as well.
    thread_.join();
  }
  for (const int listener : listeners_) close(listener);
  listeners_.clear();
}

void Connections::Run() {
  std::vector<pollfd> waiting = {{stop_event_, POLLIN, 0}};
  for (const int listener : listeners_) waiting.push_back({listener, POLLIN, 0});
  while (true) {
    poll(waiting.data(), waiting.size(), -1);
    if (waiting[0].revents != 0) return;
    for (size_t i = 1; i < waiting.size(); ++i) {
      if (waiting[i].revents != 0) Accept(waiting[i].fd);
    }
  }
}

void Connections::Accept(int listener) {
  sockaddr_storage peer = {};
  socklen_t size = sizeof(peer);
  const int socket =
      accept4(listener, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (socket < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      absl::SleepFor(kNoFilesPause);
    }
    return;
  }
  const std::string address = AddressOf(peer);
  if (!HasRoom(address)) {
    ++refused_;
    // Reset: a connection that waits for its last packets would be one more that is kept.
    const linger at_once{1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close(socket);
    return;
  }
  known_[address].push_back({socket, CookieOf(socket)});
  ++count_;
  take_(socket);
}

bool Connections::HasRoom(const std::string& address) {
  const auto is_full = [&] {
    const auto found = known_.find(address);
    const size_t of_address = found == known_.end() ? 0 : found->second.size();
    return (limits_.all > 0 && count_ >= limits_.all) ||
           (limits_.per_address > 0 && of_address >= limits_.per_address);
  };
  // What has ended must not pile up either, where the limits are high, or none.
  if (is_full() || count_ >= look_at_) {
    Look();
    look_at_ = std::max<size_t>(kLookAtMin, 2 * count_);
  }
  return !is_full();
}

void Connections::Look() {
  if (const int64_t now = NowMs(); now >= looked_at_ms_ + kLookEveryMs) {
    looked_at_ms_ = now;
  } else {
    return;
  }
  count_ = 0;
  for (auto it = known_.begin(); it != known_.end();) {
    std::erase_if(it->second, [](const Known& k) { return CookieOf(k.socket) != k.cookie; });
    count_ += it->second.size();
    if (it->second.empty()) {
      known_.erase(it++);
    } else {
      ++it;
    }
  }
}

}  // namespace consent::api
