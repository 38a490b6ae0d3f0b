// SPDX-License-Identifier: Apache-2.0
//
// What the tests of proposals share: proposing what is signed, and expecting a refusal that names a
// field. Test code only.

#ifndef CONSENT_STATEMENT_REFUSAL_H_
#define CONSENT_STATEMENT_REFUSAL_H_

#include <string>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/statement/proposal.h"
#include "src/statement/sample.h"

namespace consent::statement {

// The event that an accepted statement makes.
template <typename T>
T Proposed(const v1::Statement& message, core::Signer signer) {
  auto opened = Open(SignSample(message), kSampleAudience);
  EXPECT_OK(opened);
  auto body = Propose(*opened, signer, SampleSubject(), kSampleArrival);
  EXPECT_OK(body);
  return std::get<T>(*body);
}

inline absl::Status StatusFor(const v1::Statement& message, core::Signer signer) {
  const auto opened = Open(SignSample(message), kSampleAudience);
  EXPECT_OK(opened);
  if (!opened.ok()) return opened.status();
  return Propose(*opened, signer, SampleSubject(), kSampleArrival).status();
}

// Signed in that role it is refused: the fault names `field` and holds `says`.
inline void ExpectFieldFrom(core::Signer signer, const v1::Statement& message,
                            const std::string& field, const char* says) {
  const absl::Status status = StatusFor(message, signer);
  EXPECT_EQ(ReasonOf(status), "INVALID_FIELD") << field << ": " << status;
  EXPECT_EQ(FieldOf(status), field) << status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::string text(status.message());
  EXPECT_THAT(text, testing::HasSubstr("expected"));
  EXPECT_THAT(text, testing::HasSubstr("found"));
  EXPECT_THAT(text, testing::HasSubstr(says));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("639980001")));
}

inline void ExpectField(const v1::Statement& message, const std::string& field, const char* says) {
  ExpectFieldFrom(RoleFor(message), message, field, says);
}

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_REFUSAL_H_
