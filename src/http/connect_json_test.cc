// SPDX-License-Identifier: Apache-2.0

#include "src/http/connect_json.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/api.pb.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/type.pb.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const google::protobuf::Descriptor& Api() { return *google::protobuf::Api::descriptor(); }

std::string Fault(const std::string& json) {
  const auto bytes = JsonToBytes(Api(), json);
  return bytes.ok() ? "" : std::string(bytes.status().message());
}

TEST(ConnectJsonTest, ReadsNamesOfBothKinds) {
  for (
      const char* json :
      {R"({"name": "a", "methods": [{"requestTypeUrl": "u"}], "sourceContext": {"fileName": "f"}})",
       R"({"name":"a","methods":[{"request_type_url":"u"}],"source_context":{"file_name":"f"}})"}) {
    ASSERT_OK_AND_ASSIGN(const std::string bytes, JsonToBytes(Api(), json));
    google::protobuf::Api api;
    ASSERT_TRUE(api.ParseFromString(bytes));
    EXPECT_EQ(api.methods(0).request_type_url(), "u");
    EXPECT_EQ(api.source_context().file_name(), "f");
  }
}

TEST(ConnectJsonTest, WritesLowerCamelCaseWithoutDefaults) {
  google::protobuf::Api api;
  api.set_name("a");
  api.add_methods()->set_request_type_url("u");
  EXPECT_THAT(BytesToJson(Api(), api.SerializeAsString()),
              IsOkAndHolds(R"({"name":"a","methods":[{"requestTypeUrl":"u"}]})"));
}

TEST(ConnectJsonTest, NamesAFieldThatIsNotThere) {
  EXPECT_THAT(Fault(R"({"nmae": "a"})"), HasSubstr("no field \"nmae\""));
  EXPECT_THAT(Fault(R"({"nmae": "a"})"), HasSubstr("google.protobuf.Api"));
  EXPECT_THAT(Fault(R"({"methods": [{"x": 1}]})"), HasSubstr("methods"));
}

TEST(ConnectJsonTest, NamesAFieldOfAnotherKindWithoutItsValue) {
  const std::string fault = Fault(R"({"methods": [{"requestStreaming": "+33639980001"}]})");
  EXPECT_THAT(fault, HasSubstr("methods[0].request_streaming"));
  EXPECT_THAT(fault, HasSubstr("another kind"));
  EXPECT_THAT(fault, Not(HasSubstr("33639980001")));
}

TEST(ConnectJsonTest, NeverQuotesWhatMayBePersonal) {
  for (const std::string json : {
           R"({"+33639980001": 1})",
           R"({"n33639980001": 1})",
           R"({"name": "+33639980001)",
           R"(+33639980001)",
           R"({"syntax": "+33639980001"})",
           R"({"syntax": 33639980001.5})",
           R"({"methods": "+33639980001"})",
           R"({"methods": [33639980001]})",
           R"({"methods": {"33639980001": 1}})",
           R"(["+33639980001"])",
           R"({"name": {"33639980001":1}})",
       }) {
    const std::string fault = Fault(json);
    EXPECT_NE(fault, "") << json;
    EXPECT_THAT(fault, Not(HasSubstr("63998"))) << json;
  }
}

TEST(ConnectJsonTest, RefusesWhatIsNoObject) {
  for (const char* json : {"", " ", "null x", "[]", "1", "\"a\"", "{", "{}}",
                           "{\"name\": \"a\"} {}", "\xff", "{\"name\": \"\xff\"}"}) {
    EXPECT_NE(Fault(json), "") << json;
  }
}

TEST(ConnectJsonTest, RefusesNestingWithoutEnd) {
  std::string json;
  for (int i = 0; i < 100'000; ++i) json += "{\"methods\":[";
  EXPECT_NE(Fault(json), "");
}

TEST(ConnectJsonTest, AnAnswerThatIsNoMessageIsInternal) {
  EXPECT_THAT(BytesToJson(Api(), "\x0a\x7f"), StatusIs(absl::StatusCode::kInternal));
}

TEST(QuotedTest, IsJsonWhateverItIsGiven) {
  EXPECT_EQ(Quoted("a\"b\\c\n\x01\x7f"), R"("a\"b\\c\u000a\u0001\u007f")");
  EXPECT_EQ(Quoted("é€😀"), "\"é€😀\"");
  EXPECT_EQ(Quoted("\xff\xc3"), "\"??\"");
  EXPECT_EQ(Quoted("\xe2\x82"), "\"??\"");
}

TEST(ConnectJsonTest, WhatIsNestedTenThousandDeepIsRefused) {
  const google::protobuf::Descriptor& any = *google::protobuf::Value::descriptor();
  const auto nested = [](int levels, const std::string& open, const std::string& close) {
    std::string json;
    for (int i = 0; i < levels; ++i) json += open;
    json += "1";
    for (int i = 0; i < levels; ++i) json += close;
    return json;
  };
  EXPECT_THAT(JsonToBytes(any, nested(20, "[", "]")), IsOk());
  EXPECT_FALSE(JsonToBytes(any, nested(10'000, "[", "]")).ok());
  EXPECT_FALSE(JsonToBytes(any, nested(10'000, "{\"a\":", "}")).ok());
  EXPECT_FALSE(JsonToBytes(Api(), nested(10'000, "{\"sourceContext\":", "}")).ok());
}

}  // namespace
}  // namespace consent::http
