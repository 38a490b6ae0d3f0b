// SPDX-License-Identifier: Apache-2.0

#include "src/journal/journal.h"

#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/opening.h"
#include "src/journal/test_events.h"
#include "src/merkle/leaf_hash.h"
#include "src/store/memory_store.h"

namespace consent::journal {
namespace {

constexpr ShardId kShard{3};

Entry EntryAt(LeafIndex position, int64_t at) {
  Entry entry;
  entry.kind = 6;
  entry.position = position;
  entry.at = {at};
  return entry;
}

Journal LoadJournal(store::Store& store) { return *Journal::Load(store, kShard); }

void StageSome(Journal& journal, int entries, int64_t at) {
  for (int i = 0; i < entries; ++i) {
    journal.Stage(EntryAt(journal.next(), at), PlainOpening({}));
  }
}

class JournalTest : public ::testing::Test {
 protected:
  store::MemoryStore store_;
};

TEST_F(JournalTest, BeginsEmpty) {
  const Journal journal = LoadJournal(store_);
  EXPECT_EQ(journal.next(), LeafIndex{0});
  EXPECT_EQ(journal.durable_size(), TreeSize{0});
  EXPECT_EQ(journal.Root(), merkle::CompactTree().Root());
}

TEST_F(JournalTest, StagedEntriesAreNotDurable) {
  Journal journal = LoadJournal(store_);
  StageSome(journal, 3, 100);
  EXPECT_EQ(journal.next(), LeafIndex{3});
  EXPECT_EQ(journal.durable_size(), TreeSize{0});
  EXPECT_EQ(journal.staged(), 3u);
  EXPECT_EQ(store_.ReadHead(kShard)->size, TreeSize{0});
  ASSERT_OK(journal.Commit());
  EXPECT_EQ(journal.durable_size(), TreeSize{3});
  EXPECT_EQ(journal.staged(), 0u);
  EXPECT_EQ(store_.ReadHead(kShard)->size, TreeSize{3});
}

TEST_F(JournalTest, AnErasureComesWithItsGroupAndTakesWhatTheGroupItselfHasStaged) {
  const auto handle = [](uint8_t byte) {
    Handle id;
    id.bytes.fill(byte);
    return id;
  };
  Journal journal = LoadJournal(store_);
  journal.StageSecret({handle(1), "one"});
  journal.StageSecret({handle(2), "two"});
  StageSome(journal, 1, 100);
  ASSERT_OK(journal.Commit());
  journal.StageSecret({handle(3), "three"});
  journal.StageSecret({handle(4), "four"});
  journal.StageErasure({.secrets = {handle(1)}, .records = {}, .contacts = {}});
  journal.StageErasure({.secrets = {handle(3)}, .records = {}, .contacts = {}});
  StageSome(journal, 1, 100);
  EXPECT_TRUE(store_.ReadSecret(kShard, handle(1))->has_value());
  ASSERT_OK(journal.Commit());
  for (const uint8_t byte : {1, 2, 3, 4}) {
    EXPECT_EQ(store_.ReadSecret(kShard, handle(byte))->has_value(), byte % 2 == 0) << int{byte};
  }
  // It is not staged again.
  journal.StageSecret({handle(1), "again"});
  StageSome(journal, 1, 100);
  ASSERT_OK(journal.Commit());
  EXPECT_TRUE(store_.ReadSecret(kShard, handle(1))->has_value());
}

TEST_F(JournalTest, NothingStagedCommitsNothing) {
  Journal journal = LoadJournal(store_);
  ASSERT_OK(journal.Commit());
  EXPECT_EQ(store_.statistics().commits, 0u);
}

TEST_F(JournalTest, GoesOnAfterLoadingWithTheSameRoot) {
  Journal journal = LoadJournal(store_);
  StageSome(journal, 5, 100);
  ASSERT_OK(journal.Commit());
  Journal again = LoadJournal(store_);
  EXPECT_EQ(again.next(), LeafIndex{5});
  EXPECT_EQ(again.last_at(), Instant{100});
  EXPECT_EQ(again.Root(), journal.Root());
  StageSome(again, 2, 200);
  ASSERT_OK(again.Commit());
  EXPECT_EQ(LoadJournal(store_).next(), LeafIndex{7});
}

TEST_F(JournalTest, OvertakenCommitIsAborted) {
  Journal slow = LoadJournal(store_);
  Journal fast = LoadJournal(store_);
  StageSome(slow, 1, 100);
  StageSome(fast, 1, 100);
  ASSERT_OK(fast.Commit());
  EXPECT_THAT(slow.Commit(), StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(store_.ReadHead(kShard)->size, TreeSize{1});
}

TEST_F(JournalTest, SecretsBecomeDurableWithTheGroup) {
  Journal journal = LoadJournal(store_);
  journal.StageSecret({TestHandle(), "a secret"});
  StageSome(journal, 1, 100);
  EXPECT_THAT(store_.ReadSecret(kShard, TestHandle()), IsOkAndHolds(std::nullopt));
  ASSERT_OK(journal.Commit());
  EXPECT_THAT(store_.ReadSecret(kShard, TestHandle()), IsOkAndHolds("a secret"));
}

TEST_F(JournalTest, HeadThatDisagreesIsDataLoss) {
  Journal journal = LoadJournal(store_);
  StageSome(journal, 5, 100);
  ASSERT_OK(journal.Commit());
  store::Head head = *store_.ReadHead(kShard);
  ASSERT_OK(ParseHead(head));
  store::Head other_size = head;
  ++other_size.size.value;
  EXPECT_THAT(ParseHead(other_size), StatusIs(absl::StatusCode::kDataLoss));
  for (size_t size = 0; size < head.state.size(); ++size) {
    EXPECT_THAT(ParseHead({head.size, head.state.substr(0, size)}),
                StatusIs(absl::StatusCode::kDataLoss))
        << size;
  }
  EXPECT_THAT(ParseHead({head.size, head.state + '\0'}), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ParseHead({{0}, "x"}), StatusIs(absl::StatusCode::kDataLoss));
}

// However entries are grouped, the journal is the same.
RC_GTEST_PROP(JournalPropertyTest, RootDependsOnTheEntriesAlone, ()) {
  const auto groups = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20));
  store::MemoryStore store;
  Journal journal = LoadJournal(store);
  merkle::CompactTree tree;
  for (const int group : groups) {
    for (int i = 0; i < group; ++i) {
      const Entry entry = EntryAt(journal.next(), 100);
      tree.Append(merkle::LeafHash(Encode(entry)));
      journal.Stage(entry, PlainOpening({}));
    }
    RC_ASSERT(journal.Commit().ok());
  }
  RC_ASSERT(journal.Root() == tree.Root());
  RC_ASSERT(LoadJournal(store).Root() == tree.Root());
}

}  // namespace
}  // namespace consent::journal
