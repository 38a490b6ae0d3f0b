// SPDX-License-Identifier: Apache-2.0

#include "src/base/json.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent {
namespace {

TEST(JsonTest, EveryKindIsRead) {
  ASSERT_OK_AND_ASSIGN(const Json json, Json::Parse(R"( {"a": [1, -2.75, 1e3], "b": "x",
      "c": {"d": null, "e": true}, "f": []} )"));
  ASSERT_EQ(json.Find("a")->array()->size(), 3u);
  EXPECT_EQ((*json.Find("a")->array())[0].whole(), 1);
  EXPECT_EQ((*json.Find("a")->array())[1].whole(), -2);
  EXPECT_EQ((*json.Find("a")->array())[2].whole(), 1000);
  EXPECT_EQ(*json.FindText("b"), "x");
  EXPECT_EQ(json.FindText("a"), nullptr);
  EXPECT_EQ(json.Find("c")->Find("d")->whole(), std::nullopt);
  EXPECT_EQ(json.Find("g"), nullptr);
  EXPECT_EQ(json.Find("b")->Find("x"), nullptr);
}

TEST(JsonTest, EscapesAreWhatTheyMean) {
  ASSERT_OK_AND_ASSIGN(const Json json,
                       Json::Parse(R"("\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00")"));
  EXPECT_EQ(*json.text(), "\"\\/\b\f\n\r\tA\xC3\xA9\xF0\x9F\x98\x80");
}

TEST(JsonTest, WhatIsNotExactlyJsonIsRefused) {
  const std::vector<std::string> texts = {"",
                                          " ",
                                          "{",
                                          "}",
                                          "[1,]",
                                          "[,1]",
                                          "{\"a\":1,}",
                                          "{\"a\" 1}",
                                          "{a:1}",
                                          "{'a':1}",
                                          "01",
                                          "+1",
                                          "1.",
                                          ".5",
                                          "1e",
                                          "-",
                                          "tru",
                                          "nul",
                                          "True",
                                          "NaN",
                                          "Infinity",
                                          "1 2",
                                          "{} x",
                                          "\"a",
                                          "\"\\x\"",
                                          "\"\\u12\"",
                                          "\"\\ud800\"",
                                          "\"\\ud800\\u0041\"",
                                          "\"\\udc00\"",
                                          "\"\n\"",
                                          "// c\n1",
                                          "[1 2]",
                                          "{\"a\":1,\"a\":1}",
                                          "{\"a\":1,\"\\u0061\":2}",
                                          std::string(18, '[') + std::string(18, ']')};
  for (const std::string& text : texts) {
    EXPECT_THAT(Json::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
  EXPECT_THAT(Json::Parse(std::string(16, '[') + std::string(16, ']')), IsOk());
}

TEST(JsonTest, NumbersBeyondWhatIsExactAreNotWhole) {
  EXPECT_EQ(Json::Parse("9007199254740992")->whole(), INT64_C(9007199254740992));
  EXPECT_EQ(Json::Parse("9007199254740994")->whole(), std::nullopt);
  EXPECT_EQ(Json::Parse("1e400")->whole(), std::nullopt);
}

}  // namespace
}  // namespace consent
