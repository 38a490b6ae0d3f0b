// SPDX-License-Identifier: Apache-2.0
//
// What the directory says of law, numbers, processors and lists.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"
#include "src/directory/directory.h"
#include "src/directory/law_in_force.h"
#include "src/rules/embedded.h"

namespace consent::directory {
namespace {

using core::Purpose;
using ::testing::Eq;
using ::testing::Optional;

constexpr Instant kFar{INT64_C(4'000'000'000)};

RulePackPut Pack(std::string_view id) {
  const absl::StatusOr<rules::Pack> pack = rules::FindPack(id);
  return {std::string(id), absl::FormatCivilTime(pack->version), pack->sha256};
}
// A file that no release carries.
RulePackPut ForeignPack() { return {"fr", "2031-01-01", crypto::Sha256({"foreign"})}; }
PartyPut Company(const std::string& id) { return {id, Role::kCompany, id, false}; }

class DirectoryLawTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Apply(Company("acme"));
    Apply(Company("calls"));
    Apply(Company("calls-more"));
  }
  void Apply(const DirectoryEvent& event) {
    ASSERT_THAT(directory_.Judge(event), IsOkAndHolds(Eq(std::nullopt)));
    directory_.Apply(event, {directory_.size().value}, now_);
  }
  std::string Refusal(const DirectoryEvent& event) {
    const absl::Status status = directory_.Judge(event).status();
    const std::string field = FieldOf(status);
    return field.empty() ? ReasonOf(status) : field;
  }
  // When the processor may act for acme.
  bool Acts(const std::string& processor, Instant at) {
    const auto delegation = directory_.AskerOf("acme", processor, at).delegation;
    return delegation.has_value() && delegation->from <= at && at < delegation->until;
  }

  Directory directory_;
  Instant now_{1000};
};

TEST_F(DirectoryLawTest, LawIsWhatThePacksInForceSay) {
  ASSERT_OK(directory_.law());
  EXPECT_TRUE(directory_.law()->rules.empty());
  Apply(Pack("us"));
  Apply(Pack("fr"));
  ASSERT_OK(directory_.law());
  const std::vector<core::Rule>& rules = directory_.law()->rules;
  ASSERT_FALSE(rules.empty());
  EXPECT_TRUE(rules.front().id.starts_with("fr.")) << "packs in the order of their ids";
  EXPECT_TRUE(rules.back().id.starts_with("us."));
  EXPECT_THAT(directory_.Judge(Pack("fr")), IsOkAndHolds(Optional(LeafIndex{4})));
  Apply(RulePackRetired{"fr"});
  EXPECT_TRUE(directory_.law()->rules.front().id.starts_with("us."));
  EXPECT_THAT(directory_.Judge(RulePackRetired{"fr"}), IsOkAndHolds(Optional(LeafIndex{5})));
  Apply(Pack("fr"));
  EXPECT_TRUE(directory_.law()->rules.front().id.starts_with("fr."));
}

TEST_F(DirectoryLawTest, PackThatIsNotCarriedLeavesNoLawToJudgeBy) {
  Apply(ForeignPack());
  EXPECT_EQ(ReasonOf(directory_.law().status()), "RULE_PACK_MISSING");
  Apply(Pack("us"));
  EXPECT_FALSE(directory_.law().ok());
  Apply(Pack("fr"));
  EXPECT_OK(directory_.law());
}

TEST_F(DirectoryLawTest, CopyKeepsItsLawWhenTheOtherChanges) {
  Apply(Pack("fr"));
  const Directory before = directory_;
  Apply(RulePackRetired{"fr"});
  EXPECT_FALSE(before.law()->rules.empty());
  EXPECT_TRUE(directory_.law()->rules.empty());
}

TEST_F(DirectoryLawTest, CompanyHasGroupSectorsAndNumbers) {
  PartyPut paper = Company("paper");
  paper.group = "press-group";
  paper.sectors.Add(Purpose::kPress);
  Apply(paper);
  Apply(NumberRegistered{"paper", "+33199000002"});
  now_ = {2000};
  Apply(NumberRegistered{"paper", "+33199000001"});
  const core::Asker asker = directory_.AskerOf("paper", "", now_);
  EXPECT_EQ(asker.group, "press-group");
  EXPECT_TRUE(asker.sectors.Has(Purpose::kPress));
  ASSERT_EQ(asker.numbers.size(), 2u);
  EXPECT_EQ(asker.numbers[0].number, "+33199000001") << "sorted";
  EXPECT_EQ(asker.numbers[0].registered_at, Instant{2000});
  EXPECT_FALSE(asker.delegation.has_value());
  paper.group = "";
  Apply(paper);
  EXPECT_EQ(directory_.AskerOf("paper", "", now_).group, "");
  EXPECT_EQ(directory_.AskerOf("paper", "", now_).numbers.size(), 2u) << "they are no part of it";
}

TEST_F(DirectoryLawTest, NumberLeadsToAllWhoEverRegisteredIt) {
  Apply(NumberRegistered{"acme", "38000"});
  EXPECT_THAT(directory_.Judge(NumberRegistered{"acme", "38000"}),
              IsOkAndHolds(Optional(LeafIndex{3})));
  Apply(NumberRegistered{"calls", "38000"});
  now_ = {2000};
  Apply(NumberRetired{"acme", "38000"});
  EXPECT_TRUE(directory_.AskerOf("acme", "", now_).numbers.empty());
  ASSERT_EQ(directory_.HoldersOf("38000").size(), 2u);
  EXPECT_EQ(directory_.HoldersOf("38000")[0].company, "acme");
  EXPECT_EQ(directory_.HoldersOf("38000")[0].retired_at, Instant{2000});
  EXPECT_EQ(directory_.HoldersOf("38000")[1].retired_at, std::nullopt);
  EXPECT_THAT(directory_.Judge(NumberRetired{"acme", "38000"}),
              IsOkAndHolds(Optional(LeafIndex{5})));
  now_ = {3000};
  Apply(NumberRegistered{"acme", "38000"});
  ASSERT_EQ(directory_.HoldersOf("38000").size(), 2u);
  EXPECT_EQ(directory_.HoldersOf("38000")[0].registered_at, Instant{3000}) << "new once more";
  EXPECT_TRUE(directory_.HoldersOf("36000").empty());
}

TEST_F(DirectoryLawTest, ProcessorActsWhileEveryDelegationUpToTheCompanyIsInForce) {
  Apply(Delegated{"acme", "calls", "", {1000}, {5000}});
  Apply(Delegated{"acme", "calls-more", "calls", {2000}, kFar});
  EXPECT_TRUE(Acts("calls", {1000}));
  EXPECT_FALSE(Acts("calls", {5000}));
  EXPECT_FALSE(Acts("calls-more", {1999}));
  EXPECT_TRUE(Acts("calls-more", {4999}));
  EXPECT_FALSE(Acts("calls-more", {5000}));
  EXPECT_FALSE(directory_.AskerOf("calls", "acme", {2000}).delegation.has_value());
  EXPECT_THAT(directory_.Judge(Delegated{"acme", "calls", "", {1000}, {5000}}),
              IsOkAndHolds(Optional(LeafIndex{4})));
  Apply(Delegated{"acme", "calls", "", {1000}, {6000}});
  EXPECT_TRUE(Acts("calls", {5500})) << "it takes the place of the one before";
  Apply(DelegationRevoked{"acme", "calls"});
  EXPECT_FALSE(Acts("calls", {2000}));
  EXPECT_FALSE(Acts("calls-more", {2000})) << "their chain is broken";
  EXPECT_THAT(directory_.Judge(DelegationRevoked{"acme", "calls"}),
              IsOkAndHolds(Optional(LeafIndex{6})));
}

TEST_F(DirectoryLawTest, NewestImportOfAListCounts) {
  Apply(ListImported{"bloctel", "bloctel.gouv.fr"});
  now_ = {2000};
  Apply(ListImported{"bloctel", "bloctel.gouv.fr"});
  Apply(ListImported{"us-dnc", "the registry"});
  ASSERT_EQ(directory_.lists().size(), 2u);
  EXPECT_EQ(directory_.lists()[0].list, "bloctel");
  EXPECT_EQ(directory_.lists()[0].imported_at, Instant{2000});
}

TEST_F(DirectoryLawTest, RefusesWhatIsMalformedOrOfNobody) {
  PartyPut grouped = Company("beta");
  grouped.group = "A group";
  EXPECT_EQ(Refusal(grouped), "party.group");
  PartyPut registrar{"beta", Role::kRegistrar, "Beta", false, "group"};
  EXPECT_EQ(Refusal(registrar), "party.role");
  EXPECT_EQ(Refusal(RulePackPut{"FR", "2026-01-01", {}}), "pack_id");
  EXPECT_EQ(Refusal(RulePackPut{std::string(17, 'a'), "2026-01-01", {}}), "pack_id");
  EXPECT_EQ(Refusal(RulePackPut{"fr", "2026-1-1", {}}), "version");
  EXPECT_THAT(directory_.Judge(RulePackRetired{"fr"}), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(Refusal(NumberRegistered{"nobody", "38000"}), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(NumberRegistered{"acme", ""}), "number");
  EXPECT_EQ(Refusal(NumberRegistered{"acme", std::string(17, '1')}), "number");
  EXPECT_EQ(Refusal(NumberRegistered{"acme", "a\nb"}), "number");
  EXPECT_EQ(Refusal(NumberRetired{"nobody", "38000"}), "UNKNOWN_COMPANY");
  EXPECT_THAT(directory_.Judge(NumberRetired{"acme", "38000"}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(Refusal(Delegated{"nobody", "calls", "", {1}, {2}}), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(Delegated{"acme", "nobody", "", {1}, {2}}), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(Delegated{"acme", "calls", "nobody", {1}, {2}}), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(Delegated{"acme", "acme", "", {1}, {2}}), "processor");
  EXPECT_EQ(Refusal(Delegated{"acme", "calls", "calls", {1}, {2}}), "processor");
  EXPECT_EQ(Refusal(Delegated{"acme", "calls", "acme", {1}, {2}}), "by");
  EXPECT_EQ(Refusal(Delegated{"acme", "calls", "", {2}, {2}}), "until");
  EXPECT_EQ(Refusal(DelegationRevoked{"nobody", "calls"}), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(ListImported{"A list", "source"}), "list");
  EXPECT_EQ(Refusal(ListImported{"list", ""}), "source");
  EXPECT_EQ(Refusal(ListImported{"list", std::string(257, 's')}), "source");
}

TEST_F(DirectoryLawTest, EverythingHasALimit) {
  for (size_t i = 0; i < kRulePacksMax; ++i) {
    Apply(RulePackPut{absl::StrCat("p", i), "2026-01-01", {}});
  }
  for (size_t i = 0; i < kNumbersPerCompanyMax; ++i) {
    Apply(NumberRegistered{"acme", absl::StrCat(10'000 + i)});
  }
  for (size_t i = 0; i < kDelegationsPerCompanyMax; ++i) {
    const std::string by = absl::StrCat("by-", i);
    Apply(Company(by));
    Apply(Delegated{"acme", "calls", by, {1}, {2}});
  }
  for (size_t i = 0; i < kListsMax; ++i) Apply(ListImported{absl::StrCat("l", i), "s"});
  Apply(NumberRetired{"acme", "10000"});
  const auto is_full = StatusIs(absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(directory_.Judge(Pack("fr")), is_full);
  EXPECT_THAT(directory_.Judge(NumberRegistered{"acme", "9999"}), is_full);
  EXPECT_THAT(directory_.Judge(Delegated{"acme", "calls", "", {1}, {2}}), is_full);
  EXPECT_THAT(directory_.Judge(ListImported{"one-more", "s"}), is_full);
  EXPECT_OK(directory_.Judge(ListImported{"l0", "s"}));
}

}  // namespace
}  // namespace consent::directory
