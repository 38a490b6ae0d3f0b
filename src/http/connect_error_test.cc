// SPDX-License-Identifier: Apache-2.0

#include "src/http/connect_error.h"

#include <map>
#include <string>

#include "gtest/gtest.h"

namespace consent::http {
namespace {

TEST(ConnectErrorTest, EveryCodeHasTheProtocolsWordAndStatus) {
  // The table of the protocol's page, "Error codes".
  const std::map<int, std::pair<std::string, int>> expected = {{1, {"canceled", 499}},
                                                               {2, {"unknown", 500}},
                                                               {3, {"invalid_argument", 400}},
                                                               {4, {"deadline_exceeded", 504}},
                                                               {5, {"not_found", 404}},
                                                               {6, {"already_exists", 409}},
                                                               {7, {"permission_denied", 403}},
                                                               {8, {"resource_exhausted", 429}},
                                                               {9, {"failed_precondition", 400}},
                                                               {10, {"aborted", 409}},
                                                               {11, {"out_of_range", 400}},
                                                               {12, {"unimplemented", 501}},
                                                               {13, {"internal", 500}},
                                                               {14, {"unavailable", 503}},
                                                               {15, {"data_loss", 500}},
                                                               {16, {"unauthenticated", 401}}};
  for (const auto& [number, word_and_status] : expected) {
    const Response response =
        ConnectError(grpc::Status(static_cast<grpc::StatusCode>(number), "why"));
    EXPECT_EQ(response.status, word_and_status.second) << number;
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(response.body, "{\"code\":\"" + word_and_status.first + "\",\"message\":\"why\"}\n");
  }
}

TEST(ConnectErrorTest, ANumberThatIsNoCodeIsUnknown) {
  // Of those that the enumeration can hold at all, which are -32 to 31.
  for (const int number : {-32, -1, 17, 31}) {
    const Response response =
        ConnectError(grpc::Status(static_cast<grpc::StatusCode>(number), "?"));
    EXPECT_EQ(response.status, 500) << number;
    EXPECT_EQ(response.body, "{\"code\":\"unknown\",\"message\":\"?\"}\n") << number;
  }
}

TEST(ConnectErrorTest, AMessageCannotBreakOutOfItsString) {
  EXPECT_EQ(ConnectError(grpc::Status(grpc::StatusCode::ABORTED, "a\",\"code\":\"b\n")).body,
            "{\"code\":\"aborted\",\"message\":\"a\\\",\\\"code\\\":\\\"b\\u000a\"}\n");
}

TEST(ConnectErrorTest, DetailsThatAreNoStatusAreLeftOut) {
  EXPECT_EQ(ConnectError(grpc::Status(grpc::StatusCode::ABORTED, "a", "\xff\xff")).body,
            "{\"code\":\"aborted\",\"message\":\"a\"}\n");
}

}  // namespace
}  // namespace consent::http
