// SPDX-License-Identifier: Apache-2.0

#include "src/base/loopback.h"

#include "gtest/gtest.h"

namespace consent {
namespace {

TEST(IsLoopbackTest, OnlyAddressesThatStayOnThisMachine) {
  for (const char* address : {"127.0.0.1:7420", "127.0.0.1:0", "127.1.2.3:1", "localhost:7420",
                              "[::1]:7420", "127.255.255.254:9"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  for (const char* address : {"0.0.0.0:7420",
                              "[::]:7420",
                              "10.0.0.1:7420",
                              "192.168.1.1:7420",
                              "1127.0.0.1:1",
                              "127.0.0.1",
                              "127.0.0.1.example.org:80",
                              "127.0.0:80",
                              "127.1:80",
                              "127..0.1:80",
                              "127.0.0.1.:80",
                              "127.0.0.1.1:80",
                              "0127.0.0.1:80",
                              "127.0.0.999:80",
                              "127.0.0.256:80",
                              "localhost.example.org:80",
                              "localhos:1",
                              "LOCALHOST:80",
                              "::1:7420",
                              "[::1",
                              "[::ffff:127.0.0.1]:1",
                              "[::1]x:80",
                              "unix:/tmp/socket",
                              "127.0.0.1 :80",
                              "127.0.0.x:80",
                              "",
                              ":",
                              ":80",
                              "128.0.0.1:80",
                              "dns:///127.0.0.1:80"}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

}  // namespace
}  // namespace consent
