// SPDX-License-Identifier: Apache-2.0

#include "src/contact/caller_number.h"

#include <string>

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::contact {
namespace {

TEST(CallerNumberTest, IsWrittenAsE164) {
  EXPECT_THAT(ParseCallerNumber("+33199001234"), IsOkAndHolds(std::string("+33199001234")));
  EXPECT_THAT(ParseCallerNumber("tel:+33 1 99 00 12 34"),
              IsOkAndHolds(std::string("+33199001234")));
}

TEST(CallerNumberTest, NothingElseIsOne) {
  for (const char* text :
       {"", "0199001234", "mailto:someone@example.org", "im:telegram:someone",
        "im:whatsapp:+33199001234", "+3319900123", "ACME", "+33199001234;ext=5"}) {
    const auto parsed = ParseCallerNumber(text);
    EXPECT_THAT(parsed, StatusIs(absl::StatusCode::kInvalidArgument)) << text;
    const std::string message(parsed.status().message());
    EXPECT_TRUE(*text == '\0' || message.find(text) == std::string::npos) << message;
  }
}

}  // namespace
}  // namespace consent::contact
