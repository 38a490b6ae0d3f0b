// SPDX-License-Identifier: Apache-2.0
//
// A shard under many callers, on both engines.

#include "src/ledger/shard.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/ledger/test_ledger.h"
#include "src/store/rocksdb_store.h"
#include "src/store/temporary_folder.h"

namespace consent::ledger {
namespace {

using core::Verdict;

constexpr int kThreads = 64;

void InThreads(const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back([&work, i] { work(i); });
  for (std::thread& thread : threads) thread.join();
}

class ShardTest : public ::testing::TestWithParam<bool> {
 protected:
  ShardTest() {
    if (GetParam()) {
      store_ = *store::RocksDbStore::Open(folder_.path() + "/store");
    } else {
      store_ = std::make_unique<store::MemoryStore>();
    }
    ledger_ = std::make_unique<TestLedger>(*store_, clock_);
  }

  store::TemporaryFolder folder_;
  std::unique_ptr<store::Store> store_;
  ManualClock clock_{kTestStartMs};
  std::unique_ptr<TestLedger> ledger_;
  const Person alice_ = PersonOf(1);
};

TEST_P(ShardTest, SixtyFourThreadsOnOneConsumerNeverPassTheLimit) {
  constexpr int kLimit = 25;
  ledger_->Settle(alice_, kLimit, 0);
  std::atomic<int> allowed = 0;
  InThreads([&](int thread) {
    for (int i = 0; i < 10; ++i) {
      const auto answer = ledger_->Consume(alice_, absl::StrCat("r", thread, "-", i));
      ASSERT_OK(answer);
      if (answer->decision.verdict == Verdict::kAllowed) ++allowed;
    }
  });
  EXPECT_EQ(allowed, kLimit);
  EXPECT_OK(ledger_->StopAndCompare());
}

TEST_P(ShardTest, SameRequestFromSixtyFourThreadsTakesOneUnit) {
  ledger_->Settle(alice_, 5, 0);
  std::atomic<int> first = 0;
  std::atomic<int> repeated = 0;
  InThreads([&](int) {
    for (int i = 0; i < 16; ++i) {
      const auto answer = ledger_->Consume(alice_, "same");
      ASSERT_OK(answer);
      ASSERT_EQ(answer->decision.verdict, Verdict::kAllowed);
      ++(answer->repeated ? repeated : first);
    }
  });
  EXPECT_EQ(first, 1);
  EXPECT_EQ(repeated, kThreads * 16 - 1);
  const auto check = ledger_->Check(ledger_->Wish(alice_, ""));
  ASSERT_OK(check);
  EXPECT_EQ(check->decision.remaining.at(0).count, 4);
}

TEST_P(ShardTest, ManyCallersShareCommits) {
  for (int i = 0; i < 8; ++i) ledger_->Settle(PersonOf(i), 1000, 0);
  const uint64_t before = store_->statistics().commits;
  InThreads([&](int thread) {
    for (int i = 0; i < 10; ++i) {
      ASSERT_OK(ledger_->Consume(PersonOf(thread % 8), absl::StrCat("r", thread, "-", i)));
    }
  });
  const uint64_t commits = store_->statistics().commits - before;
  EXPECT_LT(commits, uint64_t{kThreads} * 10) << "one commit a request is no group";
  RecordProperty("commits", static_cast<int>(commits));
}

TEST_P(ShardTest, RestartFindsEverything) {
  for (int i = 0; i < 20; ++i) ledger_->Settle(PersonOf(i), 1, 0);
  for (int i = 0; i < 20; ++i) ASSERT_OK(ledger_->Consume(PersonOf(i), "r1"));
  const Digest root = ledger_->operator->()->JournalOf(kConsumerShard)->root;
  ledger_.reset();
  ledger_ = std::make_unique<TestLedger>(*store_, clock_);
  EXPECT_EQ((*ledger_)->JournalOf(kConsumerShard)->root, root);
  for (int i = 0; i < 20; ++i) {
    ASSERT_OK_AND_ASSIGN(const ContactAnswer repeat, ledger_->Consume(PersonOf(i), "r1"));
    EXPECT_TRUE(repeat.repeated);
    ASSERT_OK_AND_ASSIGN(const ContactAnswer second, ledger_->Consume(PersonOf(i), "r2"));
    EXPECT_EQ(second.decision.reason, core::Reason::kLimitReached);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, ShardTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "RocksDb" : "Memory"; });

// --- Two processes on one store.

TEST(SharedShardTest, TwoLedgersOnOneStoreNeverPassTheLimitAndAgree) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger first(store, clock);
  TestLedger second(store, clock);
  const Person alice = PersonOf(1);
  constexpr int kLimit = 10;
  first.Settle(alice, kLimit, 0);
  std::atomic<int> allowed = 0;
  std::atomic<int> unavailable = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      TestLedger& mine = t % 2 == 0 ? first : second;
      for (int i = 0; i < 10; ++i) {
        const auto answer = mine.Consume(alice, absl::StrCat("r", t, "-", i));
        if (!answer.ok()) {
          EXPECT_EQ(ReasonOf(answer.status()), "STORE_UNAVAILABLE");
          ++unavailable;
        } else if (answer->decision.verdict == Verdict::kAllowed) {
          ++allowed;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(allowed, kLimit);
  EXPECT_GT(allowed + unavailable, 0);
  // A request that one has allowed is the other's repeat.
  const Person bob = PersonOf(2);
  first.Settle(bob, 1, 0);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer here, first.Consume(bob, "r1"));
  ASSERT_OK(second.Consume(PersonOf(3), "any"));  // Writes, and so catches up.
  ASSERT_OK_AND_ASSIGN(const ContactAnswer there, second.Consume(bob, "r1"));
  EXPECT_TRUE(there.repeated);
  EXPECT_EQ(there.permit->position, here.permit->position);
  first->Stop();
  EXPECT_OK(second.StopAndCompare());
}

// The first of two has judged when the second writes: judged again, it must see what was taken.
TEST(SharedShardTest, OvertakenRequestIsJudgedOnTheNewRecord) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger first(store, clock);
  const Person alice = PersonOf(1);
  first.Settle(alice, 1, 0);
  TestLedger second(store, clock);
  std::atomic<bool> overtaken = false;
  store.SetBeforeCommit([&](ShardId) {
    if (overtaken.exchange(true)) return;
    const auto taken = second.Consume(alice, "theirs");
    ASSERT_OK(taken);
    EXPECT_EQ(taken->decision.verdict, Verdict::kAllowed);
  });
  ASSERT_OK_AND_ASSIGN(const ContactAnswer mine, first.Consume(alice, "mine"));
  EXPECT_TRUE(overtaken);
  EXPECT_EQ(mine.decision.reason, core::Reason::kLimitReached);
}

// --- Writing behind.

TEST(WriteBehindTest, StoreKeepsUpWithLargeGroups) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger ledger(store, clock, /*records_in_memory=*/8192);
  constexpr int kGroups = 8;
  constexpr int kPeople = 1000;
  std::vector<std::vector<StatementCommand>> groups(kGroups);
  for (int i = 0; i < kGroups * kPeople; ++i) {
    const Person somebody{ContactPointOf(i), ledger.registrar_key};  // Their own key costs time.
    groups[i / kPeople].push_back(ledger.ToCommand(
        ledger.Claim(somebody, "g1", kTestStartMs / 1000 - 60), ledger.registrar_key));
  }
  std::atomic<uint64_t> late_max = 0;
  store.SetBeforeCommit([&](ShardId shard) {
    const uint64_t late = store.ReadHead(shard)->size.value - store.ReadApplied(shard)->value;
    late_max = std::max(late_max.load(), late);
  });
  for (auto& group : groups) ASSERT_OK(ledger.Take(std::move(group)));
  EXPECT_LT(late_max, 4500u);
  ASSERT_OK(ledger.StopAndCompare());
  EXPECT_THAT(store.ReadApplied(kConsumerShard), IsOkAndHolds(TreeSize{kGroups * kPeople}));
}

TEST(WriteBehindTest, ForgottenRecordsAreReadBack) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  TestLedger ledger(store, clock, /*records_in_memory=*/2);
  for (int i = 0; i < 30; ++i) ledger.Settle(PersonOf(i), 1, 0);
  // Two rests: all is written, then all but two are let go of.
  absl::SleepFor(absl::Milliseconds(350));
  for (int i = 0; i < 30; ++i) {
    ASSERT_OK_AND_ASSIGN(const ContactAnswer first, ledger.Consume(PersonOf(i), "r1"));
    EXPECT_EQ(first.decision.verdict, Verdict::kAllowed) << i;
  }
  absl::SleepFor(absl::Milliseconds(350));
  for (int i = 0; i < 30; ++i) {
    ASSERT_OK_AND_ASSIGN(const ContactAnswer second, ledger.Consume(PersonOf(i), "r2"));
    EXPECT_EQ(second.decision.reason, core::Reason::kLimitReached) << i;
  }
  EXPECT_OK(ledger.StopAndCompare());
}

}  // namespace
}  // namespace consent::ledger
