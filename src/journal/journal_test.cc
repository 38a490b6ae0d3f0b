// SPDX-License-Identifier: Apache-2.0

#include "src/journal/journal.h"

#include <rapidcheck/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
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

Sealing SealingOf(uint64_t number) {
  Sealing sealing;
  sealing.handle = TestHandle();
  sealing.secret = TestSecret();
  sealing.tag_year = 2026;
  sealing.tag_count = number;
  sealing.parts = {.contact = std::string(kTestContactPoint),
                   .company = absl::StrCat("part ", number),
                   .ledger = std::string(number % 300, 'x')};
  return sealing;
}

// Commits so many entries, some of them plain, in groups of `group`; the bundles as they are kept.
std::vector<store::Bundle> BundlesOf(uint64_t count, uint64_t group, const AtOnce& at_once) {
  store::MemoryStore store;
  Journal journal = LoadJournal(store);
  for (uint64_t i = 0; i < count; ++i) {
    const Entry entry = EntryAt(journal.next(), 100 + static_cast<int64_t>(i));
    EXPECT_EQ(journal.next(), LeafIndex{i});
    if (i % 7 == 3) {
      journal.Stage(entry, PlainOpening({}));
    } else {
      journal.Stage(entry, SealingOf(i));
    }
    EXPECT_EQ(journal.last_at(), entry.at);
    if (journal.staged() < group) continue;
    EXPECT_OK(journal.Commit(at_once));
  }
  EXPECT_OK(journal.Commit(at_once));
  EXPECT_EQ(LoadJournal(store).Root(), journal.Root());
  return *store.ReadBundles(kShard, {0}, count);
}

std::vector<std::string> EntriesOf(const std::vector<store::Bundle>& bundles) {
  std::vector<std::string> entries;
  for (const store::Bundle& bundle : bundles) {
    entries.insert(entries.end(), bundle.entries.begin(), bundle.entries.end());
  }
  return entries;
}

TEST(JournalSealingTest, WhatIsSealedAtCommitIsFoundByItsTagAndOpens) {
  const Sealer sealer(TestSecret());
  uint64_t number = 0;
  for (const store::Bundle& bundle : BundlesOf(100, 40, OneByOne)) {
    for (size_t i = 0; i < bundle.entries.size(); ++i, ++number) {
      ASSERT_OK_AND_ASSIGN(const Entry entry, Decode<Entry>(bundle.entries[i]));
      if (number % 7 == 3) continue;
      EXPECT_EQ(entry.tag, TagOf(sealer.YearKey(2026), number));
      EXPECT_THAT(HandleOf(bundle.openings[i]), IsOkAndHolds(TestHandle()));
      EXPECT_THAT(sealer.Open(entry, bundle.openings[i]), IsOkAndHolds(SealingOf(number).parts));
    }
  }
  EXPECT_EQ(number, 100u);
}

TEST(JournalSealingTest, WhoeverSealsInWhateverOrderTheJournalIsTheSame) {
  const AtOnce backwards = [](size_t count, const std::function<void(size_t)>& work) {
    while (count > 0) work(--count);
  };
  const AtOnce by_many = [](size_t count, const std::function<void(size_t)>& work) {
    std::vector<std::thread> threads;
    for (size_t i = 0; i < count; ++i) threads.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : threads) thread.join();
  };
  for (const uint64_t group : {1, 15, 16, 17, 32, 33, 99, 100}) {
    const std::vector<store::Bundle> expected = BundlesOf(100, group, OneByOne);
    EXPECT_EQ(EntriesOf(expected).size(), 100u);
    for (const AtOnce& at_once : {backwards, by_many}) {
      const std::vector<store::Bundle> found = BundlesOf(100, group, at_once);
      EXPECT_EQ(EntriesOf(found), EntriesOf(expected)) << group;
      ASSERT_EQ(found.size(), expected.size());
      for (size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].first, expected[i].first);
        EXPECT_EQ(found[i].openings, expected[i].openings);
      }
    }
  }
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
