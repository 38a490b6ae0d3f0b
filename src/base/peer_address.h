// SPDX-License-Identifier: Apache-2.0
//
// Peer addresses: who is at the other end of a connection, as far as limits go. The same whichever
// port is asked, and by whichever family of sockets.
//
// An IPv4 address is its four bytes, however it is reached. Of an IPv6 address eight count: a
// machine has a whole /64 to choose from.

#ifndef CONSENT_BASE_PEER_ADDRESS_H_
#define CONSENT_BASE_PEER_ADDRESS_H_

#include <sys/socket.h>

#include <string>
#include <string_view>

namespace consent {

std::string AddressOf(const sockaddr_storage& peer);
// Of a connected socket; "" where it is none, or none any more.
std::string AddressOfSocket(int socket);
// Of a peer as gRPC names it: "ipv4:127.0.0.1:7420", "ipv6:%5B::1%5D:7420". What names no address
// stands for itself.
std::string AddressOfPeer(std::string_view peer);

}  // namespace consent

#endif  // CONSENT_BASE_PEER_ADDRESS_H_
