// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/pem.h"

#include <rapidcheck/gtest.h>

#include <string>

#include "absl/strings/str_replace.h"
#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kRefused = absl::StatusCode::kInvalidArgument;
const char kText[] =
    "-----BEGIN KEY-----\n"
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\n"
    "MDEyMw==\n"
    "-----END KEY-----\n";

std::string Der() {
  std::string der;
  for (char c = 0; c <= 0x33; ++c) der.push_back(c);
  return der;
}
std::string With(const char* from, const char* to) {
  return absl::StrReplaceAll(kText, {{from, to}});
}

TEST(PemTest, IsWrittenInLinesOf64) { EXPECT_EQ(EncodePem("KEY", Der()), kText); }

TEST(PemTest, IsRead) { EXPECT_THAT(DecodePem("KEY", kText), IsOkAndHolds(Der())); }

TEST(PemTest, IsReadWithOtherLineEndsAndWhiteSpaceBehind) {
  EXPECT_THAT(DecodePem("KEY", With("\n", "\r\n")), IsOkAndHolds(Der()));
  EXPECT_THAT(DecodePem("KEY", std::string(kText) + " \n\t\r\n"), IsOkAndHolds(Der()));
  std::string no_last_end = kText;
  no_last_end.pop_back();
  EXPECT_THAT(DecodePem("KEY", no_last_end), IsOkAndHolds(Der()));
}

TEST(PemTest, AnythingElseIsRefusedWithoutShowingTheText) {
  const std::string refused[] = {
      "",
      "-----BEGIN KEY-----",
      With("BEGIN KEY", "BEGIN PRIVATE KEY"),
      With("END KEY", "END OTHER"),
      With("-----END KEY-----\n", ""),
      With("MDEyMw==", "MDEyMw="),    // Padding missing.
      With("MDEyMw==", "MDEyMw"),     // Padding missing.
      With("MDEyMw==", "MDEyMx=="),   // Bits behind the last byte.
      With("MDEyMw==", "MDEy Mw=="),  // White space within.
      With("MDEyMw==", "MDEyMw==\nMDEy"),
      With("AAEC", "-_EC"),  // The other alphabet.
      With("AAEC", "AA*C"),
      With("AAEC", "Comment: x\n\nAAEC"),
      std::string(" ") + kText,
      std::string("text\n") + kText,
      std::string(kText) + "text",
      std::string(kText) + kText,
      std::string(kText) + std::string(kMaxPemBytes, '\n'),
  };
  for (const std::string& text : refused) {
    EXPECT_THAT(DecodePem("KEY", text),
                StatusIs(kRefused, AllOf(HasSubstr("expected one block \"KEY\", found"),
                                         Not(HasSubstr("AAEC")))))
        << text;
  }
}

RC_GTEST_PROP(PemTest, WhatIsWrittenIsRead, (const std::string& der)) {
  RC_ASSERT(*DecodePem("KEY", EncodePem("KEY", der)) == der);
}

}  // namespace
}  // namespace consent::crypto
