// SPDX-License-Identifier: Apache-2.0

#include "src/http/turns.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace consent::http {

std::string PeerOf(int socket) {
  sockaddr_storage peer = {};
  socklen_t size = sizeof(peer);
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return "";
  if (peer.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(peer);
    return std::string(reinterpret_cast<const char*>(&v4.sin_addr), sizeof(v4.sin_addr));
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(peer);
  const std::string bytes(reinterpret_cast<const char*>(&v6.sin6_addr), sizeof(v6.sin6_addr));
  // A machine has a whole /64 to choose from.
  return IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) ? bytes.substr(12) : bytes.substr(0, 8);
}

Turns::Turn Turns::Enter(const std::string& address, int socket) {
  const std::lock_guard lock(mutex_);
  OfAddress& own = addresses_[address];
  if (at_once_ == 0 || own.served < at_once_) {
    ++own.served;
    return Turn::kNow;
  }
  if (waiting_ >= aside_max_) return Turn::kNever;
  own.aside.push_back(socket);
  ++waiting_;
  return Turn::kLater;
}

int Turns::Next(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto own = addresses_.find(address);
  if (!own->second.aside.empty()) {
    const int socket = own->second.aside.front();
    own->second.aside.pop_front();
    --waiting_;
    return socket;
  }
  if (--own->second.served == 0) addresses_.erase(own);
  return -1;
}

}  // namespace consent::http
