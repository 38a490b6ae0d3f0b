// SPDX-License-Identifier: Apache-2.0
//
// What a start does with entries that the stored records lack. That nothing is lost or done twice,
// the histories of replay_test.cc say; here: what is read when, and what is written.

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/ledger/replay.h"
#include "src/ledger/test_ledger.h"
#include "src/store/forwarding_store.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

using Loss = store::MemoryStore::Loss;

constexpr size_t kAll = 1'000;

// Counts the records that are read while some are read at once, and all others.
class CountingStore : public store::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::StatusOr<std::optional<std::string>> ReadRecord(ShardId shard,
                                                        const ConsumerId& consumer) override {
    ++(at_once ? ahead : late);
    return ForwardingStore::ReadRecord(shard, consumer);
  }
  bool at_once = false;
  size_t ahead = 0, late = 0;
};

class CatchUpTest : public ::testing::Test {
 protected:
  static constexpr size_t kPeople = 8;

  // The records have everybody's bindings and grants, and lack who has been asked since.
  CatchUpTest() {
    for (const bool asked : {false, true}) {
      TestLedger ledger(store_, clock_);
      for (size_t i = 0; i < kPeople; ++i) {
        const Person person = PersonOf(static_cast<int>(i));
        if (!asked) {
          ledger.Settle(person, 2, 2);
        } else {
          EXPECT_OK(ledger.Consume(person, "r"));
        }
      }
      if (asked) crashed_ = store_.DurableCopy(Loss::kSinceCommit);
      EXPECT_OK(ledger.StopAndCompare());
    }
    size_ = crashed_->ReadHead(kConsumerShard)->size;
    EXPECT_EQ(MarkOf(*crashed_).value, size_.value - kPeople);
  }

  static TreeSize MarkOf(store::Store& store) { return *store.ReadApplied(kConsumerShard); }
  static std::map<ConsumerId, std::string> RecordsOf(store::Store& store) {
    std::map<ConsumerId, std::string> records;
    EXPECT_OK(store.ForEachRecord(kConsumerShard, ConsumerId(),
                                  [&](const ConsumerId& id, std::string_view row) {
                                    records.emplace(id, row);
                                    return true;
                                  }));
    return records;
  }

  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
  std::unique_ptr<store::MemoryStore> crashed_;
  TreeSize size_;
};

TEST_F(CatchUpTest, TheLastChangesAreLeftToBeWritten) {
  const auto before = RecordsOf(*crashed_);
  // The last entry has not been made room for yet.
  for (const size_t left : {kAll, size_t{3}, size_t{0}}) {
    Consumers consumers(*crashed_, kConsumerShard, kAll);
    ASSERT_OK(
        CatchUp(*crashed_, kConsumerShard, size_, consumers, {.entries = 1, .gathered = left}));
    EXPECT_EQ(consumers.dirty(), std::min(left + 1, kPeople));
    EXPECT_EQ(MarkOf(*crashed_).value, size_.value - consumers.dirty());
    EXPECT_EQ(RecordsOf(*crashed_) == before, left == kAll);
  }
  Consumers consumers(*crashed_, kConsumerShard, kAll);
  ASSERT_OK(CatchUp(*crashed_, kConsumerShard, size_, consumers, {}));
  ASSERT_OK(consumers.WriteBehind(kAll, size_));
  EXPECT_EQ(MarkOf(*crashed_), size_);
  EXPECT_EQ(RecordsOf(*crashed_), RecordsOf(store_));
}

// Another process may be the one that writes.
TEST_F(CatchUpTest, WhereLittleIsLackingNothingIsWritten) {
  const auto before = RecordsOf(*crashed_);
  Consumers consumers(*crashed_, kConsumerShard, kAll);
  ASSERT_OK(CatchUp(*crashed_, kConsumerShard, size_, consumers, {.entries = kPeople}));
  EXPECT_EQ(consumers.dirty(), kPeople);
  EXPECT_EQ(MarkOf(*crashed_).value, size_.value - kPeople);
  EXPECT_EQ(RecordsOf(*crashed_), before);
}

TEST_F(CatchUpTest, WhomEntriesAreAboutIsReadAtOnceInWhateverOrder) {
  CountingStore counting(*crashed_);
  const auto backwards = [&](size_t count, const std::function<void(size_t)>& read) {
    counting.at_once = true;
    while (count > 0) read(--count);
    counting.at_once = false;
  };
  Consumers consumers(counting, kConsumerShard, kAll);
  ASSERT_OK(CatchUp(counting, kConsumerShard, size_, consumers, {.at_once = backwards}));
  EXPECT_EQ(counting.ahead, kPeople);
  EXPECT_EQ(counting.late, 0u);
  ASSERT_OK(consumers.WriteBehind(kAll, size_));
  EXPECT_EQ(RecordsOf(*crashed_), RecordsOf(store_));
}

// Also in a memory that does not hold them.
TEST_F(CatchUpTest, AllAreCaughtUpWhereMemoryIsShort) {
  Consumers consumers(*crashed_, kConsumerShard, 1);
  ASSERT_OK(CatchUp(*crashed_, kConsumerShard, size_, consumers, {.entries = 2}));
  ASSERT_OK(consumers.WriteBehind(kAll, size_));
  EXPECT_EQ(RecordsOf(*crashed_), RecordsOf(store_));
}

}  // namespace
}  // namespace consent::ledger
