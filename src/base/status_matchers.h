// SPDX-License-Identifier: Apache-2.0
//
// GoogleTest matchers for absl::Status and absl::StatusOr. Test code only.
//
//   EXPECT_OK(Parse(text));
//   ASSERT_OK_AND_ASSIGN(const Head head, store.ReadHead(shard));
//   EXPECT_THAT(Parse("x"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("expected")));

#ifndef CONSENT_BASE_STATUS_MATCHERS_H_
#define CONSENT_BASE_STATUS_MATCHERS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_macros.h"

namespace consent {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

// Matches a Status or StatusOr with this code and, where given, this message.
MATCHER_P(StatusIs, code, std::string("has status code ") + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}
MATCHER_P2(StatusIs, code, message_matcher,
           std::string("has status code ") + absl::StatusCodeToString(code) +
               " and a message that " + ::testing::DescribeMatcher<std::string>(message_matcher)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         ::testing::ExplainMatchResult(message_matcher, std::string(StatusOf(arg).message()),
                                       result_listener);
}
MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}
MATCHER_P(IsOkAndHolds, value_matcher, "is OK and holds the value") {
  if (!arg.ok()) {
    *result_listener << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(value_matcher, *arg, result_listener);
}

}  // namespace consent

#define EXPECT_OK(expr) EXPECT_THAT((expr), ::consent::IsOk())
#define ASSERT_OK(expr) ASSERT_THAT((expr), ::consent::IsOk())

#define CONSENT_ASSERT_OK_AND_ASSIGN(tmp, lhs, expr) \
  auto tmp = (expr);                                 \
  ASSERT_THAT(tmp, ::consent::IsOk());               \
  lhs = *std::move(tmp)
#define ASSERT_OK_AND_ASSIGN(lhs, expr) \
  CONSENT_ASSERT_OK_AND_ASSIGN(CONSENT_CONCAT(status_or_, __LINE__), lhs, expr)

#endif  // CONSENT_BASE_STATUS_MATCHERS_H_
