// SPDX-License-Identifier: Apache-2.0
//
// Preferences, contracts, contests, callbacks and new holders, as a shard takes them in: what they
// leave in the record, who may say them, and what a repeat is told.

#include <string>

#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/ledger/statement_task.h"
#include "src/ledger/test_ledger.h"

namespace consent::ledger {
namespace {

using core::Reason;

class StatementKindsTest : public ::testing::Test {
 protected:
  StatementKindsTest() {
    ledger_.AddCompany("beta");
    ledger_.Settle(alice_, 5, 4);
    Pass(1000);
  }

  void Pass(int64_t ms) { clock_.Advance(ms); }
  int64_t NowS() const { return clock_.WallMillis() / 1000; }

  // The reason of a refusal; "" when the statement was taken in.
  std::string Refusal(const v1::Statement& statement, const crypto::PrivateKey& key) {
    const TreeSize before = ledger_.JournalSize();
    const absl::Status status = ledger_.Say(statement, key).status();
    if (status.ok()) return "";
    EXPECT_EQ(ledger_.JournalSize(), before) << "a refusal writes nothing";
    return ReasonOf(status);
  }
  Reason Asked(const std::string& company = "acme", core::Channel channel = core::Channel::kCall) {
    const auto check = ledger_.Check(ledger_.Wish(alice_, "", channel, company));
    return check.ok() ? check->decision.reason : Reason::kUnspecified;
  }
  core::Record Record() {
    const auto view = ledger_.View(alice_, alice_.key);
    EXPECT_OK(view);
    return view.ok() ? view->record : core::Record();
  }

  v1::Evidence EvidenceOf(int64_t collected_s) {
    return ledger_.Claim(alice_, "", collected_s).claim().evidence();
  }
  v1::Statement Preferences(int calls_a_year) {
    v1::Statement message = ledger_.Statement(alice_);
    v1::Limit& limit = *message.mutable_preferences()->add_limits();
    limit.set_limit_id("calls");
    limit.add_channels(v1::CHANNEL_CALL);
    limit.set_max(calls_a_year);
    limit.mutable_window()->set_period(v1::PERIOD_YEAR);
    limit.mutable_window()->set_alignment(v1::ALIGNMENT_CALENDAR);
    return message;
  }
  v1::Statement Contract(int64_t collected_s, const std::string& company = "acme") {
    v1::Statement message = ledger_.Statement(alice_);
    v1::Contract& contract = *message.mutable_contract_claim()->mutable_contract();
    contract.set_company(company);
    contract.set_contract_id("A-17");
    contract.set_relation(v1::RELATION_CONTRACT);
    contract.set_object("electricity");
    contract.mutable_valid_from()->set_seconds(NowS() - 86400);
    *message.mutable_contract_claim()->mutable_evidence() = EvidenceOf(collected_s);
    return message;
  }
  v1::Statement Contest(const std::string& contract_id) {
    v1::Statement message = ledger_.Statement(alice_);
    message.mutable_contest()->set_company("acme");
    message.mutable_contest()->set_contract_id(contract_id);
    return message;
  }
  v1::Statement Callback(const std::string& company) {
    v1::Statement message = ledger_.Statement(alice_);
    v1::CallbackRequest& request = *message.mutable_callback_request();
    request.set_company(company);
    request.set_callback_id("c1");
    request.add_channels(v1::CHANNEL_CALL);
    request.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
    request.mutable_valid_until()->set_seconds(NowS() + 86400);
    return message;
  }
  v1::Statement NewHolder() {
    v1::Statement message = ledger_.Statement(alice_);
    message.mutable_holder_change()->set_new_holder(true);
    return message;
  }

  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
  TestLedger ledger_{store_, clock_};
  const Person alice_ = PersonOf(1);
};

TEST_F(StatementKindsTest, PreferencesCountTheContactsOfEveryCompany) {
  ASSERT_OK(ledger_.Say(ledger_.Grant(alice_, "b1", 5, 4, "beta"), alice_.key));
  EXPECT_EQ(Refusal(Preferences(1), alice_.key), "");
  ASSERT_OK(ledger_.Consume(alice_, "r1"));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer beta,
                       ledger_.Consume(alice_, "r1", core::Channel::kCall, "beta"));
  EXPECT_EQ(beta.decision.verdict, core::Verdict::kDenied);
  EXPECT_EQ(beta.decision.reason, Reason::kConsumerLimit);
  EXPECT_EQ(beta.decision.limit, "") << "no name of a limit that is not the company's";
  for (const core::Remaining& left : beta.decision.remaining) {
    EXPECT_FALSE(left.limit.starts_with("preferences/")) << left.limit;
  }
  EXPECT_EQ(Asked("beta", core::Channel::kSms), Reason::kOk) << "only calls are limited";
  EXPECT_OK(ledger_.StopAndCompare());
}

TEST_F(StatementKindsTest, PreferencesAreTheConsumersAlone) {
  EXPECT_EQ(Refusal(Preferences(1), ledger_.registrar_key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(Preferences(1), ledger_.acme_key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(Preferences(1), KeyOf("mallory")), "UNKNOWN_KEY");
}

TEST_F(StatementKindsTest, NewerPreferencesStandWhateverTheOrderOfArrival) {
  const v1::Statement older = Preferences(1);
  Pass(1000);
  EXPECT_EQ(Refusal(Preferences(2), alice_.key), "");
  EXPECT_EQ(Refusal(older, alice_.key), "NARROWED_SINCE");
  ASSERT_EQ(Record().preferences.size(), 1u);
  EXPECT_EQ(Record().preferences[0].preferences.limits[0].max, 2);
}

TEST_F(StatementKindsTest, ACompanyClaimsAContractOfItsOwn) {
  EXPECT_EQ(Refusal(Contract(NowS() - 60), ledger_.acme_key), "");
  const core::Record record = Record();
  ASSERT_NE(record.Find("acme"), nullptr);
  ASSERT_EQ(record.Find("acme")->contracts.size(), 1u);
  EXPECT_EQ(record.Find("acme")->contracts[0].contract.signed_by, core::Signer::kCompany);
  EXPECT_EQ(Refusal(Contract(NowS() - 60, "beta"), ledger_.acme_key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(Contract(NowS() - 60, "nobody"), ledger_.registrar_key), "UNKNOWN_COMPANY");
  EXPECT_OK(ledger_.StopAndCompare());
}

TEST_F(StatementKindsTest, AContestedContractNeedsNewerEvidence) {
  const v1::Statement claim = Contract(NowS() - 60);
  ASSERT_OK(ledger_.Say(claim, ledger_.acme_key));
  EXPECT_OK(ledger_.Say(claim, ledger_.acme_key)) << "a repeat";
  EXPECT_EQ(Refusal(Contest("A-17"), ledger_.acme_key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(Contest("A-17"), alice_.key), "");
  EXPECT_TRUE(Record().Find("acme")->contracts.at(0).contested);
  EXPECT_EQ(Refusal(claim, ledger_.acme_key), "OUTRANKED") << "the repeat must not seem to stand";
  Pass(1000);
  EXPECT_EQ(Refusal(Contract(NowS() - 60), ledger_.acme_key), "OUTRANKED");
  EXPECT_TRUE(Record().Find("acme")->contracts.at(0).contested);
  EXPECT_EQ(Refusal(Contract(NowS()), ledger_.acme_key), "");
  EXPECT_FALSE(Record().Find("acme")->contracts.at(0).contested);
}

TEST_F(StatementKindsTest, ARegistrarMayContestForTheConsumerWheneverItWasSigned) {
  ASSERT_OK(ledger_.Say(Contract(NowS() - 60), ledger_.acme_key));
  v1::Statement contest = Contest("");
  contest.mutable_signed_at()->set_seconds(NowS() - 30 * 86400);
  EXPECT_EQ(Refusal(contest, ledger_.registrar_key), "");
  EXPECT_TRUE(Record().Find("acme")->contracts.at(0).contested);
}

TEST_F(StatementKindsTest, AConsumerWhoAskedForACallIsCalled) {
  EXPECT_EQ(Asked("beta"), Reason::kNoPermission);
  EXPECT_EQ(Refusal(Callback("nobody"), alice_.key), "UNKNOWN_COMPANY");
  const v1::Statement asked = Callback("beta");
  EXPECT_EQ(Refusal(asked, alice_.key), "");
  ASSERT_OK_AND_ASSIGN(const ContactAnswer answer,
                       ledger_.Consume(alice_, "r1", core::Channel::kCall, "beta"));
  EXPECT_EQ(answer.decision.reason, Reason::kOk);
  EXPECT_EQ(answer.decision.basis, core::Basis::kCallback);
  ASSERT_OK(ledger_.Say(ledger_.Revocation(alice_, "beta"), alice_.key));
  EXPECT_NE(Asked("beta"), Reason::kOk);
  EXPECT_EQ(Refusal(asked, alice_.key), "NARROWED_SINCE") << "a repeat must not seem to stand";
}

TEST_F(StatementKindsTest, OthersProveThatAConsumerAskedForACall) {
  v1::Statement bare = Callback("acme");
  EXPECT_EQ(Refusal(bare, ledger_.acme_key), "INVALID_FIELD");
  *bare.mutable_callback_request()->mutable_evidence() = EvidenceOf(NowS() - 60);
  EXPECT_EQ(Refusal(bare, ledger_.acme_key), "");
  v1::Statement of_beta = Callback("beta");
  *of_beta.mutable_callback_request()->mutable_evidence() = EvidenceOf(NowS() - 60);
  EXPECT_EQ(Refusal(of_beta, ledger_.acme_key), "UNKNOWN_KEY");
  // Not against what the consumer said since.
  ASSERT_OK(ledger_.Say(ledger_.Block(alice_, "*"), alice_.key));
  Pass(1000);
  EXPECT_EQ(Refusal(of_beta, ledger_.registrar_key), "NARROWED_SINCE");
}

TEST_F(StatementKindsTest, ANewHolderEndsWhatTheOldOneSaid) {
  ASSERT_OK(ledger_.Say(ledger_.Block(alice_, "beta"), alice_.key));
  EXPECT_EQ(Refusal(NewHolder(), alice_.key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(NewHolder(), ledger_.acme_key), "UNKNOWN_KEY");
  const v1::Statement kept_back = ledger_.Grant(alice_, "g9", 5, 5);
  Pass(1000);
  EXPECT_EQ(Refusal(NewHolder(), ledger_.registrar_key), "");
  EXPECT_EQ(Asked(), Reason::kNoPermission);
  EXPECT_EQ(Refusal(kept_back, alice_.key), "UNKNOWN_KEY") << "the old holder's key";
  EXPECT_EQ(ReasonOf(ledger_.View(alice_, alice_.key).status()), "UNKNOWN_KEY");
  // The new one is bound without naming any key of the old one's, and may lift the block.
  Pass(1000);
  const Person bob{alice_.contact_point, KeyOf("bob")};
  EXPECT_EQ(Refusal(ledger_.Binding(bob), ledger_.registrar_key), "");
  ASSERT_OK_AND_ASSIGN(const ConsumerView blocked, ledger_.View(bob, bob.key));
  EXPECT_EQ(blocked.record.blocks.size(), 1u) << "what forbids stays";
  v1::Statement unblock = ledger_.Statement(bob);
  unblock.mutable_unblock()->set_company("beta");
  EXPECT_EQ(Refusal(unblock, bob.key), "");
  ASSERT_OK_AND_ASSIGN(const ConsumerView lifted, ledger_.View(bob, bob.key));
  EXPECT_EQ(lifted.record.blocks.size(), 0u);
  EXPECT_OK(ledger_.StopAndCompare());
}

TEST_F(StatementKindsTest, OnASharedLineEveryoneHasAKeyAndTheStrictestWordCounts) {
  const Person bob{alice_.contact_point, KeyOf("bob")};
  EXPECT_EQ(Refusal(ledger_.Binding(bob), ledger_.registrar_key), "ALREADY_BOUND");
  v1::Statement shared = ledger_.Statement(alice_);
  shared.mutable_holder_change()->set_holder_class(v1::HOLDER_CLASS_SHARED_LINE);
  EXPECT_EQ(Refusal(shared, ledger_.registrar_key), "");
  EXPECT_EQ(Refusal(ledger_.Binding(bob), ledger_.registrar_key), "");
  EXPECT_EQ(Asked(), Reason::kOk) << "Bob has not spoken";
  Pass(1000);
  EXPECT_EQ(Refusal(ledger_.Grant(bob, "bobs", 1, 1), bob.key), "");
  ASSERT_OK_AND_ASSIGN(const ContactAnswer once, ledger_.Consume(alice_, "r1"));
  EXPECT_EQ(once.decision.verdict, core::Verdict::kAllowed);
  EXPECT_EQ(Asked(), Reason::kLimitReached) << "Alice has more left, Bob has not";
  EXPECT_OK(ledger_.StopAndCompare());
}

TEST_F(StatementKindsTest, ANewHolderLivesWhereTheContactPointDoes) {
  const core::Place before = Record().place;
  ASSERT_FALSE(before.zones.empty());
  Pass(1000);
  EXPECT_EQ(Refusal(NewHolder(), ledger_.registrar_key), "");
  Pass(1000);
  const Person bob{alice_.contact_point, KeyOf("bob")};
  EXPECT_EQ(Refusal(ledger_.Binding(bob), ledger_.registrar_key), "");
  ASSERT_OK_AND_ASSIGN(const ConsumerView view, ledger_.View(bob, bob.key));
  EXPECT_EQ(view.record.place, before) << "or they could not be contacted, for want of a clock";
  EXPECT_OK(ledger_.StopAndCompare());
}

TEST_F(StatementKindsTest, ABlockOfAGroupIsLiftedByItsOwnName) {
  v1::Statement block = ledger_.Block(alice_, "acme");
  block.mutable_block()->set_whose(v1::BLOCK_TARGET_GROUP);
  ASSERT_OK(ledger_.Say(block, alice_.key));
  EXPECT_EQ(Asked(), Reason::kOk) << "acme is no group";
  Pass(1000);
  v1::Statement unblock = ledger_.Statement(alice_);
  unblock.mutable_unblock()->set_company("acme");
  ASSERT_OK(ledger_.Say(unblock, alice_.key));
  EXPECT_EQ(Record().blocks.size(), 1u) << "a company's block of that name is another";
  unblock = ledger_.Statement(alice_);
  unblock.mutable_unblock()->set_company("acme");
  unblock.mutable_unblock()->set_whose(v1::BLOCK_TARGET_GROUP);
  ASSERT_OK(ledger_.Say(unblock, alice_.key));
  EXPECT_EQ(Record().blocks.size(), 0u);
  Pass(1000);
  ASSERT_OK(ledger_.Say(block, alice_.key)) << "what narrows is answered as the first time";
  ASSERT_OK(ledger_.Say(ledger_.Block(alice_, "*"), alice_.key));
  EXPECT_EQ(Refusal(unblock, alice_.key), "NARROWED_SINCE");
}

}  // namespace
}  // namespace consent::ledger
