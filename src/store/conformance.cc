// SPDX-License-Identifier: Apache-2.0

#include "src/store/conformance.h"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "src/base/status_matchers.h"
#include "src/store/commit_check.h"

namespace consent::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr ShardId kShard{1};
constexpr ShardId kOtherShard{2};
constexpr auto kAborted = absl::StatusCode::kAborted;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

std::string Padded(std::string text, size_t length) {
  text.resize(length, '.');
  return text;
}

DerivedRows OneRecord(uint8_t consumer, std::string record, uint64_t applied) {
  return {.records = {{FilledWith<ConsumerId>(consumer), std::move(record)}},
          .contacts = {},
          .applied = {applied}};
}

}  // namespace

CommitRequest MakeCommit(uint64_t first, size_t count, size_t entry_length, size_t opening_length) {
  CommitRequest request;
  request.bundle.first = {first};
  for (uint64_t leaf = first; leaf < first + count; ++leaf) {
    request.bundle.entries.push_back(Padded(absl::StrCat("entry ", leaf), entry_length));
    request.bundle.openings.push_back(Padded(absl::StrCat("opening ", leaf), opening_length));
  }
  request.head_state = absl::StrCat("state at ", first + count);
  return request;
}

void StoreConformance::SetUp() { ASSERT_OK_AND_ASSIGN(store_, GetParam().open()); }

// ---- Heads and commits.

TEST_P(StoreConformance, AShardNeverWrittenIsEmpty) {
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{}));
  EXPECT_THAT(store().ReadBundles(kShard, {0}, 10), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(store().ReadApplied(kShard), IsOkAndHolds(TreeSize{0}));
  EXPECT_THAT(store().ReadSecret(kShard, FilledWith<Handle>(1)), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store().ReadRecord(kShard, FilledWith<ConsumerId>(1)), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store().ReadContact(kShard, FilledWith<ContactId>(1)), IsOkAndHolds(std::nullopt));
}

TEST_P(StoreConformance, ACommitMovesTheHeadAndIsReadBack) {
  const CommitRequest first = MakeCommit(0, 3);
  ASSERT_OK(store().Commit(kShard, first));
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{{3}, "state at 3"}));
  const CommitRequest second = MakeCommit(3, 1);
  ASSERT_OK(store().Commit(kShard, second));
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{{4}, "state at 4"}));
  EXPECT_THAT(store().ReadBundles(kShard, {0}, 10),
              IsOkAndHolds(ElementsAre(first.bundle, second.bundle)));
  EXPECT_EQ(store().statistics().commits, 2u);
}

TEST_P(StoreConformance, BytesAreKeptWhateverTheyAre) {
  CommitRequest request = MakeCommit(0, 2);
  request.bundle.entries = {"", std::string("\0\xff\n\x80", 4)};
  request.bundle.openings = {std::string(3, '\0'), ""};
  request.head_state = std::string("\0\x01", 2);
  ASSERT_OK(store().Commit(kShard, request));
  EXPECT_THAT(store().ReadBundles(kShard, {0}, 10), IsOkAndHolds(ElementsAre(request.bundle)));
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{{2}, request.head_state}));
}

TEST_P(StoreConformance, ACommitAtAnotherSizeIsAbortedAndLeavesNothing) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 3)));
  for (const uint64_t first : {0, 2, 4, 300}) {
    CommitRequest request = MakeCommit(first, 5);
    request.head_state = "of a loser";
    request.secrets = {{FilledWith<Handle>(7), "of a loser"}};
    EXPECT_THAT(store().Commit(kShard, request), StatusIs(kAborted)) << first;
  }
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{{3}, "state at 3"}));
  EXPECT_THAT(store().ReadSecret(kShard, FilledWith<Handle>(7)), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store().ReadBundles(kShard, {0}, 100),
              IsOkAndHolds(ElementsAre(MakeCommit(0, 3).bundle)));
  EXPECT_EQ(store().statistics().commits, 1u);
  EXPECT_OK(store().Commit(kShard, MakeCommit(3, 1)));
}

TEST_P(StoreConformance, OfTwoRacingCommittersExactlyOneWinsEachSize) {
  constexpr uint64_t kRounds = 40;
  constexpr int kThreads = 3;
  std::vector<std::atomic<int>> winners(kRounds);
  std::atomic<int> surprises = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (uint64_t size = 0; size < kRounds;) {
        CommitRequest request = MakeCommit(size, 1);
        request.head_state = absl::StrCat("thread ", thread);
        request.secrets = {{Numbered<Handle>(static_cast<uint32_t>(size)), request.head_state}};
        request.bundle.entries[0] = request.head_state;
        const absl::Status status = store().Commit(kShard, request);
        if (status.ok()) {
          winners[size].fetch_add(1);
        } else if (status.code() != kAborted) {
          surprises.fetch_add(1);
        }
        const absl::StatusOr<Head> head = store().ReadHead(kShard);
        if (!head.ok()) return;
        size = head->size.value;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(surprises.load(), 0);
  for (uint64_t size = 0; size < kRounds; ++size) EXPECT_EQ(winners[size].load(), 1) << size;
  ASSERT_OK_AND_ASSIGN(const std::vector<Bundle> bundles,
                       store().ReadBundles(kShard, {0}, kRounds));
  ASSERT_THAT(bundles, SizeIs(kRounds));
  // All parts of a winner's commit are the winner's.
  for (uint32_t size = 0; size < kRounds; ++size) {
    EXPECT_THAT(store().ReadSecret(kShard, Numbered<Handle>(size)),
                IsOkAndHolds(Optional(bundles[size].entries[0])));
  }
}

TEST_P(StoreConformance, AReaderSeesWholeCommitsOnly) {
  constexpr uint64_t kCommits = 60;
  std::thread writer([&] {
    for (uint64_t i = 0; i < kCommits; ++i) {
      CommitRequest request = MakeCommit(i * 4, 4);
      request.secrets = {{Numbered<Handle>(static_cast<uint32_t>(i)), "secret"}};
      if (!store().Commit(kShard, request).ok()) return;
    }
  });
  uint64_t size = 0;
  int faults = 0;
  while (size < kCommits * 4 && faults == 0) {
    const absl::StatusOr<Head> head = store().ReadHead(kShard);
    if (!head.ok() || head->size.value % 4 != 0 || head->size.value < size) ++faults;
    if (faults > 0) break;
    size = head->size.value;
    if (size == 0) continue;
    const auto bundles = store().ReadBundles(kShard, {size - 1}, 1);
    const auto secret =
        store().ReadSecret(kShard, Numbered<Handle>(static_cast<uint32_t>(size / 4 - 1)));
    if (!bundles.ok() || bundles->size() != 1 || !secret.ok() || !secret->has_value()) ++faults;
  }
  writer.join();
  EXPECT_EQ(faults, 0);
  EXPECT_EQ(size, kCommits * 4);
}

TEST_P(StoreConformance, ACommitThatIsNoBundleIsRefused) {
  CommitRequest request = MakeCommit(0, 2);
  request.bundle.openings.pop_back();
  EXPECT_THAT(store().Commit(kShard, request), StatusIs(kInvalid));
  EXPECT_THAT(store().Commit(kShard, MakeCommit(0, 0)), StatusIs(kInvalid));
  EXPECT_THAT(store().Commit(kShard, MakeCommit(0, kBundleEntriesMax + 1, 1, 1)),
              StatusIs(kInvalid));
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{}));
}

// ---- Bundles.

TEST_P(StoreConformance, ReadBundlesStartsWithTheOneThatHoldsThePosition) {
  const std::vector<Bundle> written = {MakeCommit(0, 3).bundle, MakeCommit(3, 1).bundle,
                                       MakeCommit(4, 5).bundle, MakeCommit(9, 2).bundle};
  for (const Bundle& bundle : written) {
    ASSERT_OK(store().Commit(kShard, MakeCommit(bundle.first.value, bundle.entries.size())));
  }
  // The index in `written` of the bundle that holds each position.
  constexpr size_t kHolder[] = {0, 0, 0, 1, 2, 2, 2, 2, 2, 3, 3};
  for (uint64_t from = 0; from < 11; ++from) {
    for (size_t entries_max = 0; entries_max < 14; ++entries_max) {
      std::vector<Bundle> expected;
      size_t count = 0;
      for (size_t i = kHolder[from]; i < written.size() && count < entries_max; ++i) {
        expected.push_back(written[i]);
        count += written[i].entries.size();
      }
      EXPECT_THAT(store().ReadBundles(kShard, {from}, entries_max), IsOkAndHolds(expected))
          << from << " " << entries_max;
    }
  }
  EXPECT_THAT(store().ReadBundles(kShard, {11}, 5), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(store().ReadBundles(kShard, {UINT64_MAX}, 5), IsOkAndHolds(IsEmpty()));
}

TEST_P(StoreConformance, PositionsSortAsNumbersPastEveryByte) {
  std::vector<Bundle> written;
  for (uint64_t first = 0; first < 70000; first += 35000) {
    ASSERT_OK(store().Commit(kShard, MakeCommit(first, 35000, 12, 14)));
  }
  for (const uint64_t leaf : {255, 256, 34999, 35000, 65535, 65536, 69999}) {
    ASSERT_OK_AND_ASSIGN(const std::vector<Bundle> bundles, store().ReadBundles(kShard, {leaf}, 1));
    ASSERT_THAT(bundles, SizeIs(1));
    EXPECT_EQ(bundles[0].entries.at(leaf - bundles[0].first.value),
              MakeCommit(leaf, 1, 12).bundle.entries[0]);
  }
}

TEST_P(StoreConformance, ALargeBundleComesBackWhole) {
  const CommitRequest request = MakeCommit(0, 4096, 400, 400);
  ASSERT_OK(store().Commit(kShard, request));
  EXPECT_THAT(store().ReadBundles(kShard, {4095}, 1), IsOkAndHolds(ElementsAre(request.bundle)));
}

TEST_P(StoreConformance, ShardsAreIndependent) {
  const ShardId last{UINT16_MAX};
  const std::vector<ShardId> shards = {kDirectoryShard, kShard, kOtherShard, {256}, last};
  for (const ShardId shard : shards) {
    // The same keys and positions everywhere, with another value in each.
    const std::string value = absl::StrCat("shard ", shard.value);
    CommitRequest request = MakeCommit(0, 2);
    request.bundle.entries[0] = value;
    request.head_state = value;
    request.secrets = {{FilledWith<Handle>(5), value}};
    ASSERT_OK(store().Commit(shard, request));
    DerivedRows rows = OneRecord(5, value, 1);
    rows.contacts = {{FilledWith<ContactId>(5), Numbered<ConsumerId>(shard.value)}};
    ASSERT_OK(store().WriteBehind(shard, rows));
  }
  for (const ShardId shard : shards) {
    const std::string value = absl::StrCat("shard ", shard.value);
    EXPECT_THAT(store().ReadHead(shard), IsOkAndHolds(Head{{2}, value}));
    ASSERT_OK_AND_ASSIGN(const std::vector<Bundle> bundles, store().ReadBundles(shard, {1}, 100));
    ASSERT_THAT(bundles, SizeIs(1));
    EXPECT_EQ(bundles[0].entries[0], value);
    EXPECT_THAT(store().ReadSecret(shard, FilledWith<Handle>(5)), IsOkAndHolds(Optional(value)));
    EXPECT_THAT(store().ReadRecord(shard, FilledWith<ConsumerId>(5)),
                IsOkAndHolds(Optional(value)));
    EXPECT_THAT(store().ReadContact(shard, FilledWith<ContactId>(5)),
                IsOkAndHolds(Optional(Numbered<ConsumerId>(shard.value))));
    int rows = 0;
    EXPECT_OK(store().ForEachRecord(
        shard, ConsumerId(), [&](const ConsumerId&, std::string_view) { return ++rows > 0; }));
    EXPECT_OK(store().ForEachContact(
        shard, [&](const ContactId&, const ConsumerId&) { return ++rows > 0; }));
    EXPECT_EQ(rows, 2);
  }
}

// ---- Secrets and facts.

TEST_P(StoreConformance, SecretsComeWithTheirCommitAndALaterOneReplacesThem) {
  CommitRequest request = MakeCommit(0, 1);
  request.secrets = {{FilledWith<Handle>(1), "one"}, {FilledWith<Handle>(2), std::string(1, '\0')}};
  ASSERT_OK(store().Commit(kShard, request));
  EXPECT_THAT(store().ReadSecret(kShard, FilledWith<Handle>(1)),
              IsOkAndHolds(Optional(std::string("one"))));
  EXPECT_THAT(store().ReadSecret(kShard, FilledWith<Handle>(2)),
              IsOkAndHolds(Optional(std::string(1, '\0'))));
  EXPECT_THAT(store().ReadSecret(kOtherShard, FilledWith<Handle>(1)), IsOkAndHolds(std::nullopt));
  request = MakeCommit(1, 1);
  request.secrets = {{FilledWith<Handle>(1), ""}};
  ASSERT_OK(store().Commit(kShard, request));
  EXPECT_THAT(store().ReadSecret(kShard, FilledWith<Handle>(1)),
              IsOkAndHolds(Optional(std::string())));
}

TEST_P(StoreConformance, FactsAreKeptByNameAndReplaced) {
  EXPECT_THAT(store().ReadFact("origin"), IsOkAndHolds(std::nullopt));
  ASSERT_OK(store().WriteFact("origin", "ledger.example/1"));
  ASSERT_OK(store().WriteFact("origin2", ""));
  EXPECT_THAT(store().ReadFact("origin"), IsOkAndHolds(Optional(std::string("ledger.example/1"))));
  EXPECT_THAT(store().ReadFact("origin2"), IsOkAndHolds(Optional(std::string())));
  EXPECT_THAT(store().ReadFact("orig"), IsOkAndHolds(std::nullopt));
  ASSERT_OK(store().WriteFact("origin", "ledger.example/2"));
  EXPECT_THAT(store().ReadFact("origin"), IsOkAndHolds(Optional(std::string("ledger.example/2"))));
}

// ---- Rows written behind.

TEST_P(StoreConformance, RowsWrittenBehindAreReadBackAndReplaced) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 10)));
  DerivedRows rows = OneRecord(1, "old", 4);
  rows.contacts = {{FilledWith<ContactId>(1), FilledWith<ConsumerId>(1)},
                   {FilledWith<ContactId>(2), FilledWith<ConsumerId>(1)}};
  ASSERT_OK(store().WriteBehind(kShard, rows));
  ASSERT_OK(store().WriteBehind(kShard, OneRecord(1, "new", 10)));
  EXPECT_THAT(store().ReadRecord(kShard, FilledWith<ConsumerId>(1)),
              IsOkAndHolds(Optional(std::string("new"))));
  EXPECT_THAT(store().ReadContact(kShard, FilledWith<ContactId>(2)),
              IsOkAndHolds(Optional(FilledWith<ConsumerId>(1))));
  EXPECT_THAT(store().ReadApplied(kShard), IsOkAndHolds(TreeSize{10}));
  EXPECT_THAT(store().ReadApplied(kOtherShard), IsOkAndHolds(TreeSize{0}));
}

TEST_P(StoreConformance, WhatIsAppendedComesBehindWhatTheRowHas) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 10)));
  const auto one = FilledWith<ConsumerId>(1), two = FilledWith<ConsumerId>(2);
  const auto append = [&](std::string a, std::string b, uint64_t applied) {
    return store().WriteBehind(kShard, {.records = {},
                                        .contacts = {},
                                        .applied = {applied},
                                        .appended = {{one, std::move(a)}, {two, std::move(b)}}});
  };
  const auto rows = [&] {
    std::vector<std::string> all;
    EXPECT_OK(store().ForEachRecord(kShard, ConsumerId(), [&](const auto&, std::string_view row) {
      all.emplace_back(row);
      return true;
    }));
    return all;
  };
  ASSERT_OK(store().WriteBehind(kShard, OneRecord(1, "one", 1)));
  ASSERT_OK(append("+", std::string("a\0b", 3), 2));
  ASSERT_OK(append("++", "c", 3));
  EXPECT_THAT(rows(), ElementsAre("one+++", std::string("a\0bc", 4)));
  EXPECT_THAT(store().ReadRecord(kShard, one), IsOkAndHolds(Optional(std::string("one+++"))));
  EXPECT_THAT(store().ReadRecord(kOtherShard, one), IsOkAndHolds(std::nullopt));
  // Refused rows append nothing; a row that is replaced begins anew, and so does one that is gone.
  EXPECT_FALSE(append("!", "!", 2).ok());
  ASSERT_OK(store().WriteBehind(kShard, OneRecord(1, "new", 4)));
  ASSERT_OK(append("", "d", 5));
  EXPECT_THAT(rows(), ElementsAre("new", std::string("a\0bcd", 5)));
  CommitRequest erase = MakeCommit(10, 1);
  erase.erase.records = {two};
  ASSERT_OK(store().Commit(kShard, erase));
  EXPECT_THAT(rows(), ElementsAre("new"));
  EXPECT_FALSE(append("-", "-", 6).ok()) << "its writer does not know who was erased";
  EXPECT_THAT(rows(), ElementsAre("new"));
}

TEST_P(StoreConformance, ContactsThatAreGoneLeaveWithTheRowsWrittenBehind) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 10)));
  const auto one = FilledWith<ConsumerId>(1);
  DerivedRows rows = OneRecord(1, "old", 4);
  for (const uint8_t contact : {1, 2, 3})
    rows.contacts.push_back({FilledWith<ContactId>(contact), one});
  ASSERT_OK(store().WriteBehind(kShard, rows));
  ASSERT_OK(
      store().WriteBehind(kOtherShard, {.records = {}, .contacts = rows.contacts, .applied = {}}));
  rows = OneRecord(1, "new", 5);
  rows.contacts = {{FilledWith<ContactId>(3), one}, {FilledWith<ContactId>(4), one}};
  // One that was never there, and one that is also written.
  rows.contacts_gone = {FilledWith<ContactId>(1), FilledWith<ContactId>(9),
                        FilledWith<ContactId>(3)};
  ASSERT_OK(store().WriteBehind(kShard, rows));
  std::vector<ContactId> left;
  EXPECT_OK(store().ForEachContact(kShard, [&](const ContactId& contact, const ConsumerId&) {
    left.push_back(contact);
    return true;
  }));
  EXPECT_THAT(left, ElementsAre(FilledWith<ContactId>(2), FilledWith<ContactId>(3),
                                FilledWith<ContactId>(4)));
  EXPECT_THAT(store().ReadContact(kOtherShard, FilledWith<ContactId>(1)),
              IsOkAndHolds(Optional(one)));
  // Refused rows take nothing away.
  rows.applied = {3};
  rows.contacts_gone = {FilledWith<ContactId>(2)};
  EXPECT_FALSE(store().WriteBehind(kShard, rows).ok());
  EXPECT_THAT(store().ReadContact(kShard, FilledWith<ContactId>(2)), IsOkAndHolds(Optional(one)));
}

TEST_P(StoreConformance, ContactsAreToldByTheFirstByteOfTheirIds) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 1)));
  DerivedRows rows;
  for (const uint8_t first : {2, 5, 255}) {
    rows.contacts.push_back({ContactId{{first, 7}}, FilledWith<ConsumerId>(1)});
  }
  ASSERT_OK(store().WriteBehind(kShard, rows));
  for (int first = 0; first < 256; ++first) {
    EXPECT_THAT(store().HasContacts(kShard, static_cast<uint8_t>(first)),
                IsOkAndHolds(first == 2 || first == 5 || first == 255))
        << first;
    EXPECT_THAT(store().HasContacts(ShardId{0}, static_cast<uint8_t>(first)), IsOkAndHolds(false));
    EXPECT_THAT(store().HasContacts(kOtherShard, static_cast<uint8_t>(first)), IsOkAndHolds(false));
  }
  rows.contacts_gone = {rows.contacts[1].contact};
  rows.contacts.clear();
  ASSERT_OK(store().WriteBehind(kShard, rows));
  EXPECT_THAT(store().HasContacts(kShard, 5), IsOkAndHolds(false));
}

TEST_P(StoreConformance, AppliedNeverGoesBackAndSuchRowsAreNotWritten) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 10)));
  ASSERT_OK(store().WriteBehind(kShard, OneRecord(1, "at five", 5)));
  EXPECT_THAT(store().WriteBehind(kShard, OneRecord(1, "at four", 4)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(store().ReadRecord(kShard, FilledWith<ConsumerId>(1)),
              IsOkAndHolds(Optional(std::string("at five"))));
  EXPECT_THAT(store().ReadApplied(kShard), IsOkAndHolds(TreeSize{5}));
  EXPECT_OK(store().WriteBehind(kShard, OneRecord(2, "also at five", 5)));
}

TEST_P(StoreConformance, AppliedNeverPassesTheJournal) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 10)));
  EXPECT_THAT(store().WriteBehind(kShard, OneRecord(1, "from nowhere", 11)),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(store().ReadRecord(kShard, FilledWith<ConsumerId>(1)), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store().ReadApplied(kShard), IsOkAndHolds(TreeSize{0}));
}

TEST_P(StoreConformance, RowsAreVisitedInTheOrderOfTheirKeysUntilTheVisitorStops) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 1)));
  DerivedRows rows;
  rows.applied = {1};
  // 7919 is prime to 1000: all keys once, out of order.
  for (uint32_t i = 0; i < 1000; ++i) {
    const uint32_t key = i * 7919 % 1000;
    rows.records.push_back({Numbered<ConsumerId>(key), absl::StrCat(key)});
    rows.contacts.push_back({Numbered<ContactId>(key), Numbered<ConsumerId>(key + 1)});
  }
  ASSERT_OK(store().WriteBehind(kShard, rows));
  uint32_t next = 0;
  EXPECT_OK(store().ForEachRecord(kShard, ConsumerId(),
                                  [&](const ConsumerId& consumer, std::string_view record) {
                                    EXPECT_EQ(consumer, Numbered<ConsumerId>(next));
                                    EXPECT_EQ(record, absl::StrCat(next));
                                    return ++next < 700;
                                  }));
  EXPECT_EQ(next, 700u);
  EXPECT_OK(store().ForEachRecord(kShard, Numbered<ConsumerId>(next),
                                  [&](const ConsumerId& consumer, std::string_view) {
                                    EXPECT_EQ(consumer, Numbered<ConsumerId>(next));
                                    ++next;
                                    return true;
                                  }));
  EXPECT_EQ(next, 1000u);
  next = 0;
  EXPECT_OK(
      store().ForEachContact(kShard, [&](const ContactId& contact, const ConsumerId& consumer) {
        EXPECT_EQ(contact, Numbered<ContactId>(next));
        EXPECT_EQ(consumer, Numbered<ConsumerId>(next + 1));
        ++next;
        return true;
      }));
  EXPECT_EQ(next, 1000u);
}

TEST_P(StoreConformance, AVisitorMayUseTheStore) {
  ASSERT_OK(store().Commit(kShard, MakeCommit(0, 2)));
  ASSERT_OK(store().WriteBehind(kShard, OneRecord(1, "before", 1)));
  int visits = 0;
  EXPECT_OK(store().ForEachRecord(kShard, ConsumerId(), [&](const ConsumerId&, std::string_view) {
    EXPECT_OK(store().WriteBehind(kShard, OneRecord(2, "during", 2)));
    return ++visits < 10;
  }));
  EXPECT_EQ(visits, 1);
}

}  // namespace consent::store
