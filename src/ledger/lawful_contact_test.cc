// SPDX-License-Identifier: Apache-2.0
//
// What contacts get by the law, numbers and processors that the directory holds.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"
#include "src/directory/directory.h"
#include "src/ledger/test_ledger.h"
#include "src/rules/embedded.h"

namespace consent::ledger {
namespace {

using core::Channel;
using core::Purpose;
using core::Reason;
using core::Verdict;
using directory::Delegated;
using directory::DelegationRevoked;
using directory::DirectoryEvent;
using directory::ListImported;
using directory::NumberRegistered;
using directory::PartyPut;
using directory::Role;
using directory::RulePackPut;

constexpr Instant kFar{INT64_C(4'000'000'000)};
constexpr int64_t kMsADay = INT64_C(86'400'000);

RulePackPut Pack(std::string_view id) {
  const absl::StatusOr<rules::Pack> pack = rules::FindPack(id);
  return {std::string(id), absl::FormatCivilTime(pack->version), pack->sha256};
}
// A file that no release carries.
RulePackPut ForeignPack() { return {"fr", "2031-01-01", crypto::Sha256({"foreign"})}; }
PartyPut Company(const std::string& id) { return {id, Role::kCompany, id, false}; }

class LawfulContactTest : public ::testing::Test {
 protected:
  void Put(const DirectoryEvent& event) { ASSERT_OK(ledger_.Change(event)); }
  void AddPress() {
    PartyPut paper = Company("paper");
    paper.sectors.Add(Purpose::kPress);
    Put(paper);
  }
  ContactCommand PressCall(const Person& person, const std::string& id) {
    ContactCommand command = ledger_.Wish(person, id, Channel::kCall, "paper");
    command.request.purpose = Purpose::kPress;
    command.request.caller_number = "+33162000001";
    return command;
  }

  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
  TestLedger ledger_{store_, clock_};
  const Person alice_ = PersonOf(1);
};

TEST_F(LawfulContactTest, ExemptCallToSomebodyNeverHeardOfMakesARecordAndCounts) {
  AddPress();
  ASSERT_OK_AND_ASSIGN(const ContactAnswer before, ledger_.Consume(PressCall(alice_, "r0")));
  EXPECT_EQ(before.decision.reason, Reason::kNoPermission) << "no law exempts anybody";
  Put(Pack("fr"));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer first, ledger_.Consume(PressCall(alice_, "r1")));
  ASSERT_EQ(first.decision.verdict, Verdict::kAllowed) << core::Name(first.decision.reason);
  EXPECT_EQ(first.decision.basis, core::Basis::kExempt);
  EXPECT_EQ(first.decision.rule, "fr.press");
  ASSERT_OK_AND_ASSIGN(const ContactAnswer again, ledger_.Consume(PressCall(alice_, "r1")));
  EXPECT_TRUE(again.repeated);
  ASSERT_OK_AND_ASSIGN(const ConsumerView view, Await<ConsumerView>([&](Done<ConsumerView> done) {
                         ledger_.shard().Audit(Lane(), ledger_.IdOf(alice_.contact_point),
                                               std::move(done));
                       }));
  EXPECT_EQ(view.record.place.zones, std::vector<std::string>{"Europe/Paris"});
  EXPECT_FALSE(view.record.place.regions.empty());
  for (int i = 2; i <= 5; ++i) {
    ASSERT_OK_AND_ASSIGN(const ContactAnswer next,
                         ledger_.Consume(PressCall(alice_, absl::StrCat("r", i))));
    EXPECT_EQ(next.decision.reason, i <= 4 ? Reason::kOk : Reason::kLimitReached) << i;
    EXPECT_EQ(next.decision.limit, i <= 4 ? "" : "law/fr.attempts") << i;
  }
  EXPECT_OK(ledger_.StopAndCompare());
}

TEST_F(LawfulContactTest, DuplicatesOfANewcomerInOneBatchAreOneConsumer) {
  AddPress();
  Put(Pack("fr"));
  ASSERT_OK_AND_ASSIGN(
      const ContactAnswers answers,
      ledger_.ConsumeAll({PressCall(alice_, "a"), PressCall(alice_, "b"), PressCall(alice_, "a")}));
  EXPECT_EQ(answers[0]->permit->consumer, answers[1]->permit->consumer);
  EXPECT_TRUE(answers[2]->repeated);
  EXPECT_OK(ledger_.StopAndCompare());
}

TEST_F(LawfulContactTest, NewcomerIsJudgedByTheClockOfTheirContactPoint) {
  AddPress();
  Put(Pack("fr"));
  clock_.Advance(5 * kMsADay);  // Saturday.
  ASSERT_OK_AND_ASSIGN(const ContactAnswer saturday, ledger_.Check(PressCall(alice_, "r1")));
  EXPECT_EQ(saturday.decision.reason, Reason::kNoPermission) << "a stranger learns no more";
  clock_.Advance(2 * kMsADay);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer monday, ledger_.Check(PressCall(alice_, "r1")));
  EXPECT_EQ(monday.decision.verdict, Verdict::kAllowed);
}

TEST_F(LawfulContactTest, ErasedConsumerIsJudgedWhereTheirContactPointLies) {
  AddPress();
  ledger_.Settle(alice_, 1, 0);
  Put(Pack("fr"));
  ASSERT_OK(ledger_.Erase(ledger_.ToErase(alice_)));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer answer, ledger_.Consume(PressCall(alice_, "r1")));
  EXPECT_EQ(answer.decision.verdict, Verdict::kAllowed) << core::Name(answer.decision.reason);
  EXPECT_OK(ledger_.StopAndCompare());
}

TEST_F(LawfulContactTest, NobodyIsContactedUnderALawThatThisProgramDoesNotCarry) {
  ledger_.Settle(alice_, 5, 0);
  ContactCommand held = ledger_.Wish(alice_, "held");
  held.request.hold = Seconds{600};
  ASSERT_OK_AND_ASSIGN(const ContactAnswer permit, ledger_.Consume(held));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer done, ledger_.Consume(alice_, "done"));
  Put(ForeignPack());
  EXPECT_EQ(ReasonOf(ledger_.Consume(alice_, "r1").status()), "RULE_PACK_MISSING");
  EXPECT_EQ(ReasonOf(ledger_.Check(ledger_.Wish(alice_, "")).status()), "RULE_PACK_MISSING");
  EXPECT_EQ(ReasonOf(ledger_.Act({*permit.permit, "acme", ConfirmPermit{}}).status()),
            "RULE_PACK_MISSING");
  ASSERT_OK_AND_ASSIGN(const PermitAnswer released,
                       ledger_.Act({*permit.permit, "acme", ReleasePermit{}}));
  EXPECT_EQ(released.decision.verdict, Verdict::kDone) << "what is given back is taken";
  ASSERT_OK_AND_ASSIGN(
      const PermitAnswer reported,
      ledger_.Act({*done.permit, "acme", ReportOutcome{core::Outcome::kConnected}}));
  EXPECT_EQ(reported.decision.verdict, Verdict::kDone) << "what happened is taken";
}

TEST_F(LawfulContactTest, ProcessorActsForTheCompanyUntilItIsRevoked) {
  ledger_.Settle(alice_, 5, 0);
  ledger_.AddCompany("calls");
  ContactCommand held = ledger_.Wish(alice_, "r1");
  held.request.processor = "calls";
  held.request.hold = Seconds{600};
  ASSERT_OK_AND_ASSIGN(const ContactAnswer undelegated, ledger_.Consume(held));
  EXPECT_EQ(undelegated.decision.reason, Reason::kNotDelegated);
  Put(Delegated{"acme", "calls", "", {0}, kFar});
  ASSERT_OK_AND_ASSIGN(const ContactAnswer allowed, ledger_.Consume(held));
  ASSERT_EQ(allowed.decision.verdict, Verdict::kAllowed);
  EXPECT_EQ(allowed.decision.remaining.at(0).count, 4) << "it counts on the company";
  Put(DelegationRevoked{"acme", "calls"});
  ASSERT_OK_AND_ASSIGN(const PermitAnswer confirmed,
                       ledger_.Act({*allowed.permit, "acme", ConfirmPermit{}}));
  EXPECT_EQ(confirmed.decision.reason, Reason::kNotDelegated);
}

TEST_F(LawfulContactTest, LawIsInForceAgainAfterARestart) {
  store::MemoryStore store;
  {
    TestLedger ledger(store, clock_);
    ASSERT_OK(ledger.Change(Pack("fr")));
    ASSERT_OK(ledger.Change(NumberRegistered{"acme", "+33162000001"}));
    ASSERT_OK(ledger.Change(ListImported{"bloctel", "bloctel.gouv.fr"}));
  }
  TestLedger ledger(store, clock_);
  const auto directory = ledger->directory().Snapshot();
  ASSERT_OK(directory->law());
  EXPECT_FALSE(directory->law()->rules.empty());
  EXPECT_EQ(directory->AskerOf("acme", "", {0}).numbers.size(), 1u);
  EXPECT_EQ(directory->lists().at(0).imported_at.unix_seconds, kTestStartMs / 1000);
}

}  // namespace
}  // namespace consent::ledger
