// SPDX-License-Identifier: Apache-2.0
//
// What signed statements may do to a consumer's record, by who signed them and when.

#include "src/ledger/statement_task.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/ledger/test_ledger.h"

namespace consent::ledger {
namespace {

using core::Reason;
using core::Verdict;

class StatementTaskTest : public ::testing::Test {
 protected:
  // The reason of a refusal; "" when the statement was taken in.
  std::string Refusal(const v1::Statement& statement, const crypto::PrivateKey& key) {
    const TreeSize before = ledger_.JournalSize();
    const absl::Status status = ledger_.Say(statement, key).status();
    if (status.ok()) return "";
    EXPECT_EQ(ledger_.JournalSize(), before) << "a refusal writes nothing";
    return ReasonOf(status);
  }
  void Bind(const Person& person) {
    ASSERT_OK(ledger_.Say(ledger_.Binding(person), ledger_.registrar_key));
  }
  Reason Asked(const Person& person, const std::string& company = "acme") {
    const auto check = ledger_.Check(ledger_.Wish(person, "", core::Channel::kCall, company));
    return check.ok() ? check->decision.reason : Reason::kUnspecified;
  }
  int64_t NowS() const { return clock_.WallMillis() / 1000; }

  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
  TestLedger ledger_{store_, clock_};
  const Person alice_ = PersonOf(1);
  const Person mallory_ = PersonOf(666);
};

TEST_F(StatementTaskTest, RegistrarBindsAndTheConsumerGrants) {
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g1", 1, 4), alice_.key), "UNKNOWN_KEY")
      << "not bound yet";
  Bind(alice_);
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g1", 1, 4), alice_.key), "");
  EXPECT_EQ(Asked(alice_), Reason::kOk);
}

TEST_F(StatementTaskTest, NobodyElseSpeaksForAConsumer) {
  ledger_.Settle(alice_, 1, 4);
  Bind(mallory_);
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g2", 9, 9), mallory_.key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(ledger_.Revocation(alice_), mallory_.key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(ledger_.Block(alice_, "*"), mallory_.key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(ledger_.Binding(alice_), alice_.key), "UNKNOWN_KEY")
      << "only a registrar binds";
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g2", 9, 9), ledger_.registrar_key), "UNKNOWN_KEY")
      << "a registrar claims, it does not grant";
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g2", 9, 9), ledger_.acme_key), "UNKNOWN_KEY");
  EXPECT_EQ(Asked(alice_), Reason::kOk);
}

TEST_F(StatementTaskTest, RetiredRegistrarBindsNobody) {
  ASSERT_OK(
      ledger_.Change(directory::KeyRetired{"registrar", ledger_.registrar_key.public_key().id()}));
  EXPECT_EQ(Refusal(ledger_.Binding(alice_), ledger_.registrar_key), "UNKNOWN_KEY");
}

TEST_F(StatementTaskTest, SameStatementAgainIsOneStatement) {
  Bind(alice_);
  const v1::Statement grant = ledger_.Grant(alice_, "g1", 1, 4);
  ASSERT_OK_AND_ASSIGN(const StatementAnswer first, ledger_.Say(grant, alice_.key));
  const TreeSize size = ledger_.JournalSize();
  clock_.Advance(3600 * 1000);
  ASSERT_OK_AND_ASSIGN(const StatementAnswer again, ledger_.Say(grant, alice_.key));
  EXPECT_FALSE(first.repeated);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.entry, first.entry);
  EXPECT_EQ(ledger_.JournalSize(), size);
}

TEST_F(StatementTaskTest, AGrantThatHasEndedIsAnsweredAsTheFirstTimeToo) {
  Bind(alice_);
  v1::Statement grant = ledger_.Grant(alice_, "g1", 1, 4);
  grant.mutable_grant()->mutable_valid_until()->set_seconds(NowS() + 60);
  ASSERT_OK_AND_ASSIGN(const StatementAnswer first, ledger_.Say(grant, alice_.key));
  clock_.Advance(INT64_C(400) * 24 * 3600 * 1000);
  ASSERT_OK_AND_ASSIGN(const StatementAnswer again, ledger_.Say(grant, alice_.key));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.entry, first.entry);
}

TEST_F(StatementTaskTest, NothingRevokedComesBackByReplay) {
  Bind(alice_);
  const v1::Statement kept_back = ledger_.Grant(alice_, "g2", 5, 5);
  ASSERT_OK(ledger_.Say(ledger_.Grant(alice_, "g1", 1, 4), alice_.key));
  clock_.Advance(1000);
  ASSERT_OK(ledger_.Say(ledger_.Revocation(alice_), alice_.key));
  EXPECT_EQ(Asked(alice_), Reason::kRevoked);
  clock_.Advance(1000);
  EXPECT_EQ(Refusal(kept_back, alice_.key), "NARROWED_SINCE");
  EXPECT_EQ(Asked(alice_), Reason::kRevoked);
  // What is signed afterwards is meant.
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g3", 1, 1), alice_.key), "");
  EXPECT_EQ(Asked(alice_), Reason::kOk);
}

TEST_F(StatementTaskTest, GrantReplayedAfterItsRevocationIsRefused) {
  Bind(alice_);
  const v1::Statement grant = ledger_.Grant(alice_, "g1", 1, 4);
  ASSERT_OK(ledger_.Say(grant, alice_.key));
  ASSERT_OK(ledger_.Say(ledger_.Revocation(alice_), alice_.key));
  EXPECT_EQ(Refusal(grant, alice_.key), "NARROWED_SINCE");
  EXPECT_EQ(Asked(alice_), Reason::kRevoked);
}

TEST_F(StatementTaskTest, GrantsAreTakenInOnlyWhileFresh) {
  Bind(alice_);
  const v1::Statement old = ledger_.Grant(alice_, "g1", 1, 4);
  const v1::Statement old_revocation = ledger_.Revocation(alice_);
  clock_.Advance(24 * 3600 * 1000 + 1000);
  EXPECT_EQ(Refusal(old, alice_.key), "STATEMENT_TOO_OLD");
  v1::Statement ahead = ledger_.Grant(alice_, "g2", 1, 4);
  ahead.mutable_signed_at()->set_seconds(NowS() + 301);
  EXPECT_EQ(Refusal(ahead, alice_.key), "STATEMENT_FROM_FUTURE");
  EXPECT_EQ(Refusal(old_revocation, alice_.key), "") << "what narrows is never refused";
}

TEST_F(StatementTaskTest, CompanyClaimsForItselfOnly) {
  ledger_.AddCompany("beta");
  EXPECT_EQ(Refusal(ledger_.Claim(alice_, "g1", NowS() - 3600, "beta"), ledger_.acme_key),
            "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(ledger_.Claim(alice_, "g1", NowS() - 3600), ledger_.acme_key), "");
  EXPECT_EQ(Asked(alice_), Reason::kOk) << "a first claim makes the record";
  EXPECT_EQ(Asked(alice_, "beta"), Reason::kNoPermission);
}

TEST_F(StatementTaskTest, CompanyLowersItsOwnClaimOnly) {
  ledger_.AddCompany("beta");
  ASSERT_OK(ledger_.Say(ledger_.Claim(alice_, "g1", NowS() - 3600), ledger_.registrar_key));
  EXPECT_EQ(Refusal(ledger_.Revocation(alice_, "beta"), ledger_.acme_key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(ledger_.Revocation(alice_), ledger_.acme_key), "");
  EXPECT_EQ(Asked(alice_), Reason::kRevoked);
}

TEST_F(StatementTaskTest, ClaimIsOutrankedByTheConsumersOwnWord) {
  ledger_.Settle(alice_, 1, 4);
  EXPECT_EQ(Refusal(ledger_.Claim(alice_, "c1", NowS() - 3600), ledger_.registrar_key),
            "OUTRANKED");
  EXPECT_EQ(Refusal(ledger_.Claim(alice_, "c1", NowS() - 3600), ledger_.acme_key), "OUTRANKED");
}

TEST_F(StatementTaskTest, ClaimCollectedBeforeABlockIsOutranked) {
  Bind(alice_);
  ASSERT_OK(ledger_.Say(ledger_.Block(alice_, "*"), alice_.key));
  clock_.Advance(1000);
  EXPECT_EQ(Refusal(ledger_.Claim(alice_, "c1", NowS() - 3600), ledger_.registrar_key),
            "OUTRANKED");
}

TEST_F(StatementTaskTest, RegistrarMayNarrowForTheConsumer) {
  ledger_.Settle(alice_, 1, 4);
  EXPECT_EQ(Refusal(ledger_.Block(alice_, "acme"), ledger_.registrar_key), "");
  EXPECT_EQ(Asked(alice_), Reason::kBlocked);
}

TEST_F(StatementTaskTest, GrantNamesACompanyOfTheDirectory) {
  Bind(alice_);
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g1", 1, 0, "nobody"), alice_.key), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g1", 1, 0, "registrar"), alice_.key), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(ledger_.Block(alice_, "nobody"), alice_.key), "")
      << "whom the directory does not know may be blocked all the same";
}

TEST_F(StatementTaskTest, GrantIdNamesOneGrant) {
  ledger_.Settle(alice_, 1, 4);
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g1", 2, 4), alice_.key), "GRANT_ID_REUSED");
}

TEST_F(StatementTaskTest, SecondContactPointOfTheSameConsumerSharesTheLimits) {
  ledger_.Settle(alice_, 1, 0);
  const Person work{"mailto:alice@example.org", alice_.key};
  v1::Statement binding = ledger_.Binding(work);
  binding.mutable_key_binding()->set_same_consumer_as(alice_.contact_point);
  ASSERT_OK(ledger_.Say(binding, ledger_.registrar_key));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer first, ledger_.Consume(work, "r1"));
  EXPECT_EQ(first.decision.verdict, Verdict::kAllowed) << "one record";
  ASSERT_OK_AND_ASSIGN(const ContactAnswer second, ledger_.Consume(alice_, "r2"));
  EXPECT_EQ(second.decision.reason, Reason::kLimitReached) << "one limit";
  ASSERT_OK_AND_ASSIGN(const ConsumerView view, ledger_.View(alice_, alice_.key));
  EXPECT_EQ(view.record.contact_ids.size(), 2u);
}

TEST_F(StatementTaskTest, SameConsumerAsNamesSomebodyBound) {
  const Person work{"mailto:alice@example.org", alice_.key};
  v1::Statement binding = ledger_.Binding(work);
  binding.mutable_key_binding()->set_same_consumer_as(alice_.contact_point);
  EXPECT_EQ(Refusal(binding, ledger_.registrar_key), "ALREADY_BOUND");
  // And not somebody else than the contact point's own consumer.
  Bind(alice_);
  Bind(mallory_);
  v1::Statement stolen = ledger_.Binding({alice_.contact_point, mallory_.key});
  stolen.mutable_key_binding()->set_same_consumer_as(mallory_.contact_point);
  EXPECT_EQ(Refusal(stolen, ledger_.registrar_key), "ALREADY_BOUND");
}

TEST_F(StatementTaskTest, NewKeyReplacesTheOldOneByName) {
  Bind(alice_);
  const Person renewed{alice_.contact_point, KeyOf("alice's new phone")};
  EXPECT_EQ(Refusal(ledger_.Binding(renewed), ledger_.registrar_key), "ALREADY_BOUND");
  clock_.Advance(1000);
  v1::Statement binding = ledger_.Binding(renewed);
  binding.mutable_key_binding()->set_replaces_key_id(alice_.key.public_key().id().str());
  EXPECT_EQ(Refusal(binding, ledger_.registrar_key), "");
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g1", 1, 0), alice_.key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g1", 1, 0), renewed.key), "");
}

TEST_F(StatementTaskTest, StatementsOfABatchSeeThoseBeforeThem) {
  std::vector<StatementCommand> commands;
  commands.push_back(ledger_.ToCommand(ledger_.Binding(alice_), ledger_.registrar_key));
  commands.push_back(ledger_.ToCommand(ledger_.Grant(alice_, "g1", 1, 0), mallory_.key));
  commands.push_back(ledger_.ToCommand(ledger_.Grant(alice_, "g1", 1, 0), alice_.key));
  ASSERT_OK_AND_ASSIGN(const StatementAnswers answers, ledger_.Take(std::move(commands)));
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_OK(answers[0]);
  EXPECT_EQ(ReasonOf(answers[1].status()), "UNKNOWN_KEY");
  EXPECT_OK(answers[2]);
}

TEST_F(StatementTaskTest, ViewIsForTheHolderOfTheKey) {
  ledger_.Settle(alice_, 1, 0);
  ASSERT_OK_AND_ASSIGN(const ConsumerView view, ledger_.View(alice_, alice_.key));
  EXPECT_EQ(view.record.companies.size(), 1u);
  ASSERT_EQ(view.zones.size(), 1u);
  EXPECT_EQ(view.zones[0].name(), "Europe/Paris");
  const absl::Status other = ledger_.View(alice_, mallory_.key).status();
  const absl::Status nobody = ledger_.View(mallory_, mallory_.key).status();
  EXPECT_EQ(ReasonOf(other), "UNKNOWN_KEY");
  EXPECT_EQ(other, nobody) << "whether there is such a consumer is nobody's business";
}

TEST_F(StatementTaskTest, LostGroupMakesNoConsumer) {
  store_.FailNextCommit(absl::InternalError("disk"), store::MemoryStore::Outcome::kNotApplied);
  EXPECT_EQ(Refusal(ledger_.Binding(alice_), ledger_.registrar_key), "STORE_UNAVAILABLE");
  EXPECT_EQ(Refusal(ledger_.Grant(alice_, "g1", 1, 0), alice_.key), "UNKNOWN_KEY");
  Bind(alice_);
  EXPECT_OK(ledger_.StopAndCompare());
}

}  // namespace
}  // namespace consent::ledger
