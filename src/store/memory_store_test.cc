// SPDX-License-Identifier: Apache-2.0
//
// The hooks of MemoryStore; what it shares with other engines is in conformance.cc.

#include "src/store/memory_store.h"

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/conformance.h"

namespace consent::store {
namespace {

using ::testing::Optional;
using Loss = MemoryStore::Loss;
using Outcome = MemoryStore::Outcome;

constexpr ShardId kShard{1};
constexpr auto kUnavailable = absl::StatusCode::kUnavailable;

DerivedRows Record(std::string record, uint64_t applied) {
  return {.records = {{FilledWith<ConsumerId>(1), std::move(record)}},
          .contacts = {{FilledWith<ContactId>(1), FilledWith<ConsumerId>(1)}},
          .applied = {applied}};
}

TEST(MemoryStoreTest, AFailedCommitMayHaveBeenAppliedOrNot) {
  MemoryStore store;
  store.FailNextCommit(absl::UnavailableError("lost"), Outcome::kNotApplied);
  store.FailNextCommit(absl::UnavailableError("unheard"), Outcome::kApplied);
  EXPECT_THAT(store.Commit(kShard, MakeCommit(0, 2)), StatusIs(kUnavailable));
  EXPECT_THAT(store.ReadHead(kShard), IsOkAndHolds(Head{}));
  EXPECT_THAT(store.Commit(kShard, MakeCommit(9, 2)), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(store.Commit(kShard, MakeCommit(0, 2)), StatusIs(kUnavailable));
  EXPECT_THAT(store.ReadHead(kShard), IsOkAndHolds(Head{{2}, "state at 2"}));
  EXPECT_OK(store.Commit(kShard, MakeCommit(2, 1)));
  EXPECT_EQ(store.statistics().commits, 1u);
}

TEST(MemoryStoreTest, FailedReadsAndRowsWrittenBehindHaveNoEffect) {
  MemoryStore store;
  ASSERT_OK(store.Commit(kShard, MakeCommit(0, 2)));
  store.FailNextRead(absl::UnavailableError("down"));
  EXPECT_THAT(store.ReadHead(kShard), StatusIs(kUnavailable));
  EXPECT_OK(store.ReadHead(kShard));
  store.FailNextWriteBehind(absl::UnavailableError("down"));
  EXPECT_THAT(store.WriteBehind(kShard, Record("a", 1)), StatusIs(kUnavailable));
  EXPECT_THAT(store.ReadApplied(kShard), IsOkAndHolds(TreeSize{0}));
  EXPECT_OK(store.WriteBehind(kShard, Record("a", 1)));
}

TEST(MemoryStoreTest, ACrashLosesWhatWasWrittenBehindAsTheTestChooses) {
  MemoryStore store;
  ASSERT_OK(store.WriteFact("origin", "ledger.example/1"));
  ASSERT_OK(store.Commit(kShard, MakeCommit(0, 2)));
  ASSERT_OK(store.WriteBehind(kShard, Record("at one", 1)));
  ASSERT_OK(store.Commit(kShard, MakeCommit(2, 2)));
  ASSERT_OK(store.WriteBehind(kShard, Record("at two", 2)));
  ASSERT_OK(store.WriteBehind(kShard, Record("at four", 4)));

  struct Case {
    Loss loss;
    std::optional<std::string> record;
    uint64_t applied;
  };
  for (const Case& expected :
       {Case{Loss::kNothing, "at four", 4}, Case{Loss::kSinceCommit, "at one", 1},
        Case{Loss::kDerivedRows, std::nullopt, 0}}) {
    const std::unique_ptr<MemoryStore> copy = store.DurableCopy(expected.loss);
    EXPECT_THAT(copy->ReadRecord(kShard, FilledWith<ConsumerId>(1)), IsOkAndHolds(expected.record));
    EXPECT_THAT(copy->ReadApplied(kShard), IsOkAndHolds(TreeSize{expected.applied}));
    EXPECT_THAT(copy->ReadHead(kShard), IsOkAndHolds(Head{{4}, "state at 4"}));
    EXPECT_THAT(copy->ReadFact("origin"), IsOkAndHolds(Optional(std::string("ledger.example/1"))));
    ASSERT_OK(copy->Commit(kShard, MakeCommit(4, 1)));
  }
  EXPECT_THAT(store.ReadHead(kShard), IsOkAndHolds(Head{{4}, "state at 4"}));
}

TEST(MemoryStoreTest, TilesAreLostLikeOtherRowsWrittenBehindAndAnErasureIsNot) {
  MemoryStore store;
  const auto tiles = [](char hash, uint64_t tiled) {
    return TileRows{.rows = {{.level = 0, .index = 0, .hashes = std::string(32 * tiled, hash)}},
                    .tiled = {tiled}};
  };
  ASSERT_OK(store.Commit(kShard, MakeCommit(0, 2)));
  ASSERT_OK(store.WriteBehind(kShard, Record("at two", 2)));
  ASSERT_OK(store.WriteTiles(kShard, tiles('a', 1)));
  CommitRequest erasing = MakeCommit(2, 1);
  erasing.erase.records = {FilledWith<ConsumerId>(1)};
  ASSERT_OK(store.Commit(kShard, erasing));
  ASSERT_OK(store.WriteTiles(kShard, tiles('b', 2)));
  ASSERT_OK(store.WriteTiles(kShard, tiles('c', 3)));
  const auto since = store.DurableCopy(Loss::kSinceCommit);
  EXPECT_THAT(since->ReadTiled(kShard), IsOkAndHolds(TreeSize{1}));
  EXPECT_THAT(since->ReadTile(kShard, 0, 0), IsOkAndHolds(Optional(std::string(32, 'a'))));
  const auto derived = store.DurableCopy(Loss::kDerivedRows);
  EXPECT_THAT(derived->ReadTiled(kShard), IsOkAndHolds(TreeSize{0}));
  EXPECT_THAT(derived->ReadTile(kShard, 0, 0), IsOkAndHolds(std::nullopt));
  for (const MemoryStore* copy : {since.get(), derived.get(), &store}) {
    MemoryStore& again = const_cast<MemoryStore&>(*copy);
    EXPECT_THAT(again.ReadRecord(kShard, FilledWith<ConsumerId>(1)), IsOkAndHolds(std::nullopt));
    EXPECT_THAT(again.WriteBehind(kShard, Record("at two", 2)),
                StatusIs(absl::StatusCode::kFailedPrecondition));
  }
}

TEST(MemoryStoreTest, AFailedErasingCommitErasesAllOrNothing) {
  for (const Outcome outcome : {Outcome::kNotApplied, Outcome::kApplied}) {
    MemoryStore store;
    CommitRequest request = MakeCommit(0, 2);
    request.secrets = {{FilledWith<Handle>(1), "secret"}};
    ASSERT_OK(store.Commit(kShard, request));
    ASSERT_OK(store.WriteBehind(kShard, Record("at two", 2)));
    CommitRequest erasing = MakeCommit(2, 1);
    erasing.erase = {.secrets = {FilledWith<Handle>(1)},
                     .records = {FilledWith<ConsumerId>(1)},
                     .contacts = {FilledWith<ContactId>(1)}};
    store.FailNextCommit(absl::UnavailableError("unheard"), outcome);
    EXPECT_THAT(store.Commit(kShard, erasing), StatusIs(kUnavailable));
    const bool erased = outcome == Outcome::kApplied;
    EXPECT_EQ(store.ReadHead(kShard)->size.value, erased ? 3u : 2u);
    EXPECT_EQ(store.ReadSecret(kShard, FilledWith<Handle>(1))->has_value(), !erased);
    EXPECT_EQ(store.ReadRecord(kShard, FilledWith<ConsumerId>(1))->has_value(), !erased);
    EXPECT_EQ(store.ReadContact(kShard, FilledWith<ContactId>(1))->has_value(), !erased);
  }
}

TEST(MemoryStoreTest, APurgeFailsWhenItIsTold) {
  MemoryStore store;
  store.FailNextPurge(absl::UnavailableError("in use"));
  EXPECT_THAT(store.PurgeErased(), StatusIs(kUnavailable));
  EXPECT_EQ(store.statistics().purges, 0u);
  EXPECT_OK(store.PurgeErased());
  EXPECT_EQ(store.statistics().purges, 1u);
}

TEST(MemoryStoreTest, ACommitTakesAsLongAsItIsTold) {
  MemoryStore store;
  store.SetCommitDelay(absl::Milliseconds(20));
  const absl::Time start = absl::Now();
  ASSERT_OK(store.Commit(kShard, MakeCommit(0, 1)));
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(20));
}

TEST(MemoryStoreTest, AnotherCommitterCanBeMadeToOvertake) {
  MemoryStore store;
  store.SetBeforeCommit([&](ShardId shard) {
    store.SetBeforeCommit(nullptr);
    ASSERT_OK(store.Commit(shard, MakeCommit(0, 3)));
  });
  EXPECT_THAT(store.Commit(kShard, MakeCommit(0, 1)), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(store.ReadHead(kShard), IsOkAndHolds(Head{{3}, "state at 3"}));
}

}  // namespace
}  // namespace consent::store
