// SPDX-License-Identifier: Apache-2.0
//
// What is left after a crash: everything acknowledged, and nothing counted twice.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/ledger/history.h"
#include "src/ledger/test_ledger.h"
#include "src/ledger/watched_store.h"

namespace consent::ledger {
namespace {

using core::Reason;
using core::Verdict;
using Loss = store::MemoryStore::Loss;
using Outcome = store::MemoryStore::Outcome;

class CrashTest : public ::testing::TestWithParam<Loss> {};

TEST_P(CrashTest, EverythingAcknowledgedIsThere) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger before(store, clock);
  const Person alice = PersonOf(1);
  before.Settle(alice, 1, 4);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer call, before.Consume(alice, "c1"));
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(before.Consume(alice, absl::StrCat("t", i), core::Channel::kSms));
  }
  ASSERT_OK(before.Act({*call.permit, "acme", ReportOutcome{core::Outcome::kConnected}}));
  const Digest root = before->JournalOf(kConsumerShard)->root;

  const std::unique_ptr<store::MemoryStore> survived = store.DurableCopy(GetParam());
  TestLedger after(*survived, clock);
  EXPECT_EQ(after->JournalOf(kConsumerShard)->root, root);
  EXPECT_EQ(after.Consume(alice, "c1")->decision.reason, Reason::kPermitUsed);
  EXPECT_EQ(after.Consume(alice, "c2")->decision.reason, Reason::kLimitReached);
  EXPECT_TRUE(after.Consume(alice, "t0", core::Channel::kSms)->repeated);
  EXPECT_EQ(after.Consume(alice, "t3", core::Channel::kSms)->decision.verdict, Verdict::kAllowed);
  EXPECT_EQ(after.Consume(alice, "t4", core::Channel::kSms)->decision.reason,
            Reason::kLimitReached);
  EXPECT_OK(after.StopAndCompare());
}

TEST_P(CrashTest, RevocationOutlivesTheCrash) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger before(store, clock);
  before.Settle(PersonOf(1), 5, 0);
  ASSERT_OK(before.Say(before.Revocation(PersonOf(1)), PersonOf(1).key));
  const std::unique_ptr<store::MemoryStore> survived = store.DurableCopy(GetParam());
  TestLedger after(*survived, clock);
  EXPECT_EQ(after.Consume(PersonOf(1), "r1")->decision.reason, Reason::kRevoked);
}

TEST_P(CrashTest, TagsGoOnWhereTheyStopped) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger before(store, clock);
  before.Settle(PersonOf(1), 5, 0);
  ASSERT_OK(before.Consume(PersonOf(1), "r1"));
  const uint64_t count = before.View(PersonOf(1), PersonOf(1).key)->record.tag_count;
  const std::unique_ptr<store::MemoryStore> survived = store.DurableCopy(GetParam());
  TestLedger after(*survived, clock);
  EXPECT_EQ(after.View(PersonOf(1), PersonOf(1).key)->record.tag_count, count);
}

INSTANTIATE_TEST_SUITE_P(Losses, CrashTest,
                         ::testing::Values(Loss::kNothing, Loss::kSinceCommit, Loss::kDerivedRows));

// The write went through, only the answer was lost.
TEST(UnknownOutcomeTest, RepeatGetsTheFirstAnswerAndTakesOneUnit) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger ledger(store, clock);
  const Person alice = PersonOf(1);
  ledger.Settle(alice, 1, 0);
  store.FailNextCommit(absl::DeadlineExceededError("?"), Outcome::kApplied);
  EXPECT_EQ(ReasonOf(ledger.Consume(alice, "r1").status()), "STORE_UNAVAILABLE");
  ASSERT_OK_AND_ASSIGN(const ContactAnswer repeat, ledger.Consume(alice, "r1"));
  EXPECT_EQ(repeat.decision.verdict, Verdict::kAllowed);
  EXPECT_TRUE(repeat.repeated);
  EXPECT_EQ(ledger.Consume(alice, "r2")->decision.reason, Reason::kLimitReached);
  EXPECT_OK(ledger.StopAndCompare());
}

TEST(UnknownOutcomeTest, RepeatOfAWriteThatFailedTakesTheUnitNow) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger ledger(store, clock);
  const Person alice = PersonOf(1);
  ledger.Settle(alice, 1, 0);
  store.FailNextCommit(absl::InternalError("disk"), Outcome::kNotApplied);
  EXPECT_EQ(ReasonOf(ledger.Consume(alice, "r1").status()), "STORE_UNAVAILABLE");
  ASSERT_OK_AND_ASSIGN(const ContactAnswer again, ledger.Consume(alice, "r1"));
  EXPECT_EQ(again.decision.verdict, Verdict::kAllowed);
  EXPECT_FALSE(again.repeated);
  EXPECT_OK(ledger.StopAndCompare());
}

TEST(UnknownOutcomeTest, StatementWhoseAnswerWasLostIsRepeated) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger ledger(store, clock);
  const v1::Statement binding = ledger.Binding(PersonOf(1));
  store.FailNextCommit(absl::InternalError("?"), Outcome::kApplied);
  EXPECT_FALSE(ledger.Say(binding, ledger.registrar_key).ok());
  ASSERT_OK_AND_ASSIGN(const StatementAnswer again, ledger.Say(binding, ledger.registrar_key));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.entry, LeafIndex{0});
}

// --- What a start reads.

TEST(RestartTest, ReplaysOnlyWhatTheRecordsLack) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  {
    TestLedger ledger(store, clock);
    for (int i = 0; i < 50; ++i) ledger.Settle(PersonOf(i), 1, 0);
  }
  ASSERT_THAT(store.ReadApplied(kConsumerShard), IsOkAndHolds(TreeSize{100}));
  WatchedStore watched(store);
  int read = 0;
  watched.falsify = [&](ShardId shard, store::Bundle&) { read += shard == kConsumerShard; };
  std::unique_ptr<store::MemoryStore> crashed;
  {
    TestLedger ledger(watched, clock);
    EXPECT_EQ(read, 0) << "a clean stop leaves nothing to replay";
    ASSERT_OK(ledger.Consume(PersonOf(1), "r1"));
    crashed = store.DurableCopy(Loss::kNothing);
  }
  WatchedStore watched_copy(*crashed);
  std::vector<uint64_t> firsts;
  watched_copy.falsify = [&](ShardId shard, store::Bundle& bundle) {
    if (shard == kConsumerShard) firsts.push_back(bundle.first.value);
  };
  TestLedger ledger(watched_copy, clock);
  for (const uint64_t first : firsts) EXPECT_GE(first, 100u);
  EXPECT_TRUE(ledger.Consume(PersonOf(1), "r1")->repeated);
}

TEST(RestartTest, DamagedTailKeepsItFromStarting) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger ledger(store, clock);
  ledger.Settle(PersonOf(1), 1, 0);
  const auto crashed = store.DurableCopy(Loss::kDerivedRows);
  WatchedStore damaged(*crashed);
  damaged.falsify = [](ShardId shard, store::Bundle& bundle) {
    if (shard == kConsumerShard) bundle.openings.back().back() ^= 1;
  };
  EXPECT_THAT(Ledger::Open(damaged, clock,
                           {.origin = std::string(kTestOrigin),
                            .peppers = TestPeppers(1, 1).Checks(),
                            .journal_keys = {KeyOf("journal")}}),
              StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace consent::ledger
