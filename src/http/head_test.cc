// SPDX-License-Identifier: Apache-2.0

#include "src/http/head.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace consent::http {
namespace {

// After a request with these lines, which come byte by byte.
Head Seen(const std::string& lines) {
  Head head;
  for (const char c : absl::StrCat("GET / HTTP/1.1\r\n", lines, "\r\n")) head.See({&c, 1});
  return head;
}

TEST(HeadTest, WhatAHeaderCanBeIsWellFormed) {
  const Head head = Seen("Host: x\r\nAccept:\r\nX-A_b.c~1:  y:z \r\nAuthorization: Bearer x\r\n");
  EXPECT_FALSE(head.malformed());
  EXPECT_FALSE(head.authorization_is_empty());
  EXPECT_FALSE(Seen(absl::StrCat("Cookie: ", std::string(10'000, ' '), "\r\n")).malformed());
}

TEST(HeadTest, AnAuthorizationWithNothingBehindItWasSaid) {
  for (const char* line : {"Authorization:", "authorization: ", "AUTHORIZATION:\t \t"}) {
    EXPECT_TRUE(Seen(absl::StrCat("Host: x\r\n", line, "\r\n")).authorization_is_empty()) << line;
  }
  EXPECT_TRUE(Seen(absl::StrCat("Authorization:", std::string(1000, ' '), "\r\n"))
                  .authorization_is_empty());
  EXPECT_FALSE(Seen("X-Authorization:\r\n").authorization_is_empty());
}

TEST(HeadTest, WhatTheLibraryWouldPassOverIsMalformed) {
  for (const char* line :
       {"Authorization : Bearer x\r\n", " Authorization: Bearer x\r\n", "Authorization\r\n",
        "Authorization: Bearer x\n", ": x\r\n", "Host: x\r\n folded\r\n", "A\x01: x\r\n", "\n"}) {
    EXPECT_TRUE(Seen(line).malformed()) << line;
  }
  EXPECT_TRUE(Seen(absl::StrCat(std::string(10'000, 'a'), "\r\n")).malformed());
  EXPECT_TRUE(Seen(absl::StrCat("A: ", std::string(10'000, 'a'), "\n")).malformed());
}

TEST(HeadTest, WhatFollowsTheHeadIsNoneOfIt) {
  Head head = Seen("Host: x\r\n");
  head.See("no header\nAuthorization:\r\n");
  EXPECT_FALSE(head.malformed());
  EXPECT_FALSE(head.authorization_is_empty());
}

}  // namespace
}  // namespace consent::http
