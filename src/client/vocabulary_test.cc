// SPDX-License-Identifier: Apache-2.0
//
// The words of the public API are those of the wire, all of them.

#include "consent/vocabulary.h"

#include <string>

#include "consent/v1/vocabulary.pb.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"

namespace consent {
namespace {

template <class Word>
void ExpectWordsOf(const google::protobuf::EnumDescriptor* wire, const std::string& prefix) {
  for (int i = 0; i < wire->value_count(); ++i) {
    const auto* const value = wire->value(i);
    EXPECT_EQ(prefix + std::string(Name(static_cast<Word>(value->number()))), value->name());
  }
  EXPECT_EQ(Name(static_cast<Word>(9999)), "UNKNOWN");
}

TEST(VocabularyTest, EveryWordOfTheWireHasItsNameAndNumberHere) {
  ExpectWordsOf<Channel>(v1::Channel_descriptor(), "CHANNEL_");
  ExpectWordsOf<Purpose>(v1::Purpose_descriptor(), "PURPOSE_");
  ExpectWordsOf<Outcome>(v1::Outcome_descriptor(), "OUTCOME_");
  ExpectWordsOf<Verdict>(v1::Verdict_descriptor(), "VERDICT_");
  ExpectWordsOf<Reason>(v1::Reason_descriptor(), "REASON_");
  ExpectWordsOf<Basis>(v1::Basis_descriptor(), "BASIS_");
  ExpectWordsOf<SubjectMatter>(v1::SubjectMatter_descriptor(), "SUBJECT_MATTER_");
}

TEST(VocabularyTest, ErrorCodesHaveTheNamesOfGrpc) {
  EXPECT_EQ(Name(ErrorCode::kNone), "OK");
  EXPECT_EQ(Name(ErrorCode::kDeadlineExceeded), "DEADLINE_EXCEEDED");
  EXPECT_EQ(Name(static_cast<ErrorCode>(17)), "UNKNOWN");
}

}  // namespace
}  // namespace consent
