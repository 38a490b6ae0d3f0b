// SPDX-License-Identifier: Apache-2.0

#include "src/statement/dsse.h"

#include "gtest/gtest.h"

namespace consent::statement {
namespace {

// The example of the DSSE protocol's own page.
TEST(DsseTest, EncodesTheExampleOfTheProtocol) {
  EXPECT_EQ(PreAuthEncoding("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

TEST(DsseTest, EncodesNothingAsTwoZeros) { EXPECT_EQ(PreAuthEncoding("", ""), "DSSEv1 0  0 "); }

TEST(DsseTest, KeepsEveryByteOfThePayload) {
  const std::string payload("\0\n \xff", 4);
  EXPECT_EQ(PreAuthEncoding("t", payload), "DSSEv1 1 t 4 " + payload);
}

TEST(DsseTest, NoByteMovesBetweenTypeAndPayload) {
  EXPECT_NE(PreAuthEncoding("a 1 b", "c"), PreAuthEncoding("a", "1 b 1 c"));
  EXPECT_NE(PreAuthEncoding("ab", "c"), PreAuthEncoding("a", "bc"));
}

}  // namespace
}  // namespace consent::statement
