// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/ledger.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/ledger/test_ledger.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class LedgerTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Ledger>> Open(const std::string& origin,
                                               const std::string& pepper_check = "pepper") {
    return Ledger::Open(
        store_, clock_,
        {.origin = origin, .peppers = {{1, pepper_check}}, .journal_keys = {KeyOf("journal")}});
  }
  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
};

TEST_F(LedgerTest, KeepsItsOriginForEver) {
  ASSERT_OK_AND_ASSIGN(std::unique_ptr<Ledger> ledger, Open("ledger.example"));
  EXPECT_EQ(ledger->origin(), "ledger.example");
  ledger.reset();
  EXPECT_THAT(Open("other.example"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("ledger.example")));
  ASSERT_OK_AND_ASSIGN(ledger, Open(""));
  EXPECT_EQ(ledger->origin(), "ledger.example");
}

TEST_F(LedgerTest, NewLedgerWithoutANameGetsARandomOne) {
  ASSERT_OK_AND_ASSIGN(std::unique_ptr<Ledger> ledger, Open(""));
  EXPECT_THAT(ledger->origin(), StartsWith("localhost/"));
  store::MemoryStore other_store;
  ASSERT_OK_AND_ASSIGN(
      const std::unique_ptr<Ledger> other,
      Ledger::Open(other_store, clock_,
                   {.origin = "", .peppers = {{1, "x"}}, .journal_keys = {KeyOf("journal")}}));
  EXPECT_NE(other->origin(), ledger->origin());
}

TEST_F(LedgerTest, RefusesOriginsThatNotesAndUrlsCannotCarry) {
  for (const char* origin : {"a b", "a\nb", "ledger.example?", "\xC3\xA9.example", "a+b"}) {
    EXPECT_THAT(Open(origin), StatusIs(absl::StatusCode::kInvalidArgument)) << origin;
  }
  EXPECT_THAT(Open(std::string(129, 'a')), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(LedgerTest, RefusesAnotherPepper) {
  ASSERT_OK(Open("ledger.example", "pepper"));
  EXPECT_THAT(Open("ledger.example", "salt"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("pepper")));
}

TEST_F(LedgerTest, JournalsAreFoundByTheirOrigin) {
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Ledger> ledger, Open("ledger.example"));
  EXPECT_EQ(ledger->JournalOrigin(kDirectoryShard), "ledger.example/directory");
  EXPECT_EQ(ledger->JournalOrigin(kConsumerShard), "ledger.example/1");
  EXPECT_EQ(ledger->FindJournal("ledger.example/directory"), kDirectoryShard);
  EXPECT_EQ(ledger->FindJournal("ledger.example/1"), kConsumerShard);
  EXPECT_EQ(ledger->FindJournal("ledger.example/2"), std::nullopt);
  EXPECT_EQ(ledger->FindJournal("other.example/1"), std::nullopt);
  ASSERT_OK_AND_ASSIGN(const auto journals, ledger->Journals());
  ASSERT_EQ(journals.size(), 2u);
  EXPECT_EQ(journals[0].shard, kDirectoryShard);
  EXPECT_EQ(journals[1].size, TreeSize{0});
}

TEST_F(LedgerTest, StoppedLedgerRefuses) {
  TestLedger ledger(store_, clock_);
  ledger->Stop();
  EXPECT_EQ(ReasonOf(ledger.Consume(PersonOf(1), "r1").status()), "SHUTTING_DOWN");
  EXPECT_EQ(
      ReasonOf(ledger.Change(directory::PartyPut{"beta", directory::Role::kCompany, "Beta", false})
                   .status()),
      "SHUTTING_DOWN");
}

TEST_F(LedgerTest, ClockThatJumpedWritesNothingAnywhere) {
  TestLedger ledger(store_, clock_);
  ledger.Settle(PersonOf(1), 1, 0);
  const TreeSize before = ledger.JournalSize();
  clock_.Jump(INT64_C(366) * 86'400'000);  // Next year's limits.
  EXPECT_EQ(ReasonOf(ledger.Consume(PersonOf(1), "r1").status()), "CLOCK_UNCERTAIN");
  EXPECT_EQ(ReasonOf(ledger.Check(ledger.Wish(PersonOf(1), "")).status()), "CLOCK_UNCERTAIN");
  EXPECT_EQ(
      ReasonOf(ledger.Change(directory::PartyPut{"beta", directory::Role::kCompany, "Beta", false})
                   .status()),
      "CLOCK_UNCERTAIN");
  EXPECT_EQ(ledger.JournalSize(), before);
}

TEST_F(LedgerTest, ClockBehindTheLastEntryWritesNothingAfterARestart) {
  {
    TestLedger ledger(store_, clock_);
    ledger.Settle(PersonOf(1), 1, 0);
  }
  ManualClock behind(kTestStartMs - 10'000);
  behind.Reboot();  // Else the anchor would tell before the ledger opens.
  TestLedger ledger(store_, behind);
  EXPECT_EQ(ReasonOf(ledger.Consume(PersonOf(1), "r1").status()), "CLOCK_UNCERTAIN");
  behind.Advance(10'000);
  EXPECT_OK(ledger.Consume(PersonOf(1), "r1"));
}

TEST_F(LedgerTest, AFullStoreGivesNothingAwayAndStillTellsWhatItKnows) {
  TestLedger ledger(store_, clock_);
  const Person alice = PersonOf(1);
  ledger.Settle(alice, 1, 0);
  store_.SetFull(true);
  EXPECT_EQ(ReasonOf(ledger.Consume(alice, "r1").status()), "STORE_FULL");
  EXPECT_EQ(ReasonOf(ledger.Say(ledger.Revocation(alice), alice.key).status()), "STORE_FULL");
  EXPECT_EQ(ledger.Check(ledger.Wish(alice, ""))->decision.verdict, core::Verdict::kAllowed);
  EXPECT_OK(ledger.View(alice, alice.key));
  store_.SetFull(false);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer again, ledger.Consume(alice, "r1"));
  EXPECT_EQ(again.decision.verdict, core::Verdict::kAllowed);
  EXPECT_FALSE(again.repeated);
  EXPECT_OK(ledger.StopAndCompare());
}

TEST_F(LedgerTest, FaultsNameNoContactPoint) {
  TestLedger ledger(store_, clock_);
  for (const absl::Status& status :
       {ledger.Consume(PersonOf(1), "r1", core::Channel::kCall, "nobody").status(),
        ledger.Say(ledger.Grant(PersonOf(1), "g", 1, 1), PersonOf(1).key).status(),
        ledger.View(PersonOf(1), PersonOf(1).key).status()}) {
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("6399800")));
  }
}

}  // namespace
}  // namespace consent::ledger
