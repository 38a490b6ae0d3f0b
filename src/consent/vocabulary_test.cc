// SPDX-License-Identifier: Apache-2.0

#include "src/consent/vocabulary.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace consent::core {
namespace {

// Every enumerator has a name of its own, and the unspecified and the unknown have none.
template <typename Enum>
void ExpectNamed(int max) {
  std::set<std::string_view> names;
  for (int n = 1; n <= max; ++n) {
    EXPECT_FALSE(Name(static_cast<Enum>(n)).empty()) << n;
    EXPECT_TRUE(names.insert(Name(static_cast<Enum>(n))).second) << n;
  }
  EXPECT_EQ(Name(Enum::kUnspecified), "");
  EXPECT_EQ(Name(static_cast<Enum>(max + 1)), "");
  EXPECT_EQ(Name(static_cast<Enum>(255)), "");
}

TEST(VocabularyTest, EveryWordHasItsName) {
  ExpectNamed<Channel>(kChannelMax);
  ExpectNamed<Purpose>(kPurposeMax);
  ExpectNamed<Outcome>(kOutcomeMax);
  ExpectNamed<Reason>(kReasonMax);
  ExpectNamed<Basis>(kBasisMax);
  ExpectNamed<Signer>(kSignerMax);
  ExpectNamed<Matter>(kMatterMax);
  ExpectNamed<Relation>(kRelationMax);
  ExpectNamed<HolderClass>(kHolderClassMax);
}

TEST(VocabularyTest, NamesAreThoseOfScenarios) {
  EXPECT_EQ(Name(Channel::kVoicePrerecorded), "VOICE_PRERECORDED");
  EXPECT_EQ(Name(Purpose::kDirectMarketing), "DIRECT_MARKETING");
  EXPECT_EQ(Name(Outcome::kInvalidNumber), "INVALID_NUMBER");
  EXPECT_EQ(Name(Outcome::kStop), "STOP");
  EXPECT_EQ(Name(Reason::kOk), "OK");
  EXPECT_EQ(Name(Reason::kNotForThisPurpose), "NOT_FOR_THIS_PURPOSE");
  EXPECT_EQ(Name(Reason::kLimitReached), "LIMIT_REACHED");
  EXPECT_EQ(Name(Reason::kPermitReleased), "PERMIT_RELEASED");
  EXPECT_EQ(Name(Reason::kNoSuchPermit), "NO_SUCH_PERMIT");
  EXPECT_EQ(Name(Reason::kRequestIdReused), "REQUEST_ID_REUSED");
  EXPECT_EQ(Name(Reason::kAlreadyBound), "ALREADY_BOUND");
}

TEST(VocabularyTest, NamesParseBack) {
  for (int n = 1; n <= kChannelMax; ++n) {
    EXPECT_EQ(ParseChannel(Name(static_cast<Channel>(n))), static_cast<Channel>(n));
  }
  for (int n = 1; n <= kPurposeMax; ++n) {
    EXPECT_EQ(ParsePurpose(Name(static_cast<Purpose>(n))), static_cast<Purpose>(n));
  }
  for (int n = 1; n <= kOutcomeMax; ++n) {
    EXPECT_EQ(ParseOutcome(Name(static_cast<Outcome>(n))), static_cast<Outcome>(n));
  }
  for (int n = 1; n <= kSignerMax; ++n) {
    EXPECT_EQ(ParseSigner(Name(static_cast<Signer>(n))), static_cast<Signer>(n));
  }
  for (int n = 1; n <= kBasisMax; ++n) {
    EXPECT_EQ(ParseBasis(Name(static_cast<Basis>(n))), static_cast<Basis>(n));
  }
  for (int n = 1; n <= kMatterMax; ++n) {
    EXPECT_EQ(ParseMatter(Name(static_cast<Matter>(n))), static_cast<Matter>(n));
  }
  for (int n = 1; n <= kRelationMax; ++n) {
    EXPECT_EQ(ParseRelation(Name(static_cast<Relation>(n))), static_cast<Relation>(n));
  }
  for (int n = 1; n <= kHolderClassMax; ++n) {
    EXPECT_EQ(ParseHolderClass(Name(static_cast<HolderClass>(n))), static_cast<HolderClass>(n));
  }
  for (const std::string_view wrong : {"", "call", "CALL ", "TELEPATHY"}) {
    EXPECT_EQ(ParseChannel(wrong), std::nullopt);
  }
}

TEST(EnumSetTest, AllIsEveryEnumeratorButTheUnspecified) {
  EXPECT_TRUE(ChannelSet::All().Has(Channel::kCall));
  EXPECT_TRUE(ChannelSet::All().Has(Channel::kPost));
  EXPECT_FALSE(ChannelSet::All().Has(Channel::kUnspecified));
  EXPECT_TRUE(ChannelSet::All().valid());
  EXPECT_FALSE(ChannelSet{1}.valid());
  EXPECT_FALSE(ChannelSet{1u << 8}.valid());
}

}  // namespace
}  // namespace consent::core
