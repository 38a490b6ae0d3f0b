// SPDX-License-Identifier: Apache-2.0

#include "src/base/peer_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "absl/strings/str_replace.h"

namespace consent {
namespace {

std::string OfV4(const in_addr& address) {
  return std::string(reinterpret_cast<const char*>(&address), sizeof(address));
}

std::string OfV6(const in6_addr& address) {
  const std::string bytes(reinterpret_cast<const char*>(&address), sizeof(address));
  return IN6_IS_ADDR_V4MAPPED(&address) ? bytes.substr(12) : bytes.substr(0, 8);
}

}  // namespace

std::string AddressOf(const sockaddr_storage& peer) {
  return peer.ss_family == AF_INET ? OfV4(reinterpret_cast<const sockaddr_in&>(peer).sin_addr)
                                   : OfV6(reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr);
}

std::string AddressOfSocket(int socket) {
  sockaddr_storage peer = {};
  socklen_t size = sizeof(peer);
  return getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0 ? AddressOf(peer) : "";
}

std::string AddressOfPeer(std::string_view peer) {
  std::string host(peer.substr(0, peer.rfind(':')));
  if (host.starts_with("ipv4:")) {
    in_addr address = {};
    if (inet_pton(AF_INET, host.c_str() + 5, &address) == 1) return OfV4(address);
  } else if (host.starts_with("ipv6:")) {
    host = absl::StrReplaceAll(host.substr(5), {{"%5B", ""}, {"%5D", ""}, {"[", ""}, {"]", ""}});
    // What follows names one of this machine's own interfaces.
    host.resize(std::min(host.find('%'), host.size()));
    in6_addr address = {};
    if (inet_pton(AF_INET6, host.c_str(), &address) == 1) return OfV6(address);
  }
  return std::string(peer);
}

}  // namespace consent
