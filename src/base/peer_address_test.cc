// SPDX-License-Identifier: Apache-2.0

#include "src/base/peer_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>

#include "gtest/gtest.h"

namespace consent {
namespace {

std::string OfSocket(const char* v6) {
  sockaddr_storage peer = {};
  peer.ss_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, v6, &reinterpret_cast<sockaddr_in6&>(peer).sin6_addr), 1);
  return AddressOf(peer);
}

TEST(PeerAddressTest, IsTheSameWhicheverPortIsAsked) {
  const std::string v4("\x7f\0\0\1", 4);
  EXPECT_EQ(AddressOfPeer("ipv4:127.0.0.1:7420"), v4);
  EXPECT_EQ(AddressOfPeer("ipv6:%5B::ffff:127.0.0.1%5D:7420"), v4);
  EXPECT_EQ(OfSocket("::ffff:127.0.0.1"), v4);
  EXPECT_EQ(AddressOfPeer("ipv6:%5B2001:db8::7%5D:7420"), OfSocket("2001:db8::7"));
  EXPECT_EQ(AddressOfPeer("ipv6:[2001:db8::7]:1"), OfSocket("2001:db8::7"));
}

TEST(PeerAddressTest, OfIPv6TheNetworkCounts) {
  EXPECT_EQ(AddressOfPeer("ipv6:%5B2001:db8::1%5D:1"), AddressOfPeer("ipv6:%5B2001:db8::2%5D:2"));
  EXPECT_NE(AddressOfPeer("ipv6:%5B2001:db8::1%5D:1"), AddressOfPeer("ipv6:%5B2001:db8:1::1%5D:1"));
  EXPECT_EQ(AddressOfPeer("ipv6:%5Bfe80::1%25eth0%5D:1"), OfSocket("fe80::2"));
}

TEST(PeerAddressTest, WhatIsNoAddressStandsForItself) {
  EXPECT_EQ(AddressOfPeer("inproc"), "inproc");
  EXPECT_EQ(AddressOfPeer("unix:/run/x"), "unix:/run/x");
  EXPECT_EQ(AddressOfPeer("ipv4:nowhere:1"), "ipv4:nowhere:1");
  EXPECT_EQ(AddressOfPeer(""), "");
  EXPECT_EQ(AddressOfSocket(-1), "");
}

}  // namespace
}  // namespace consent
