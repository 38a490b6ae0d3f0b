// SPDX-License-Identifier: Apache-2.0
//
// The part of the suite that is about erasure.

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "src/base/status_matchers.h"
#include "src/store/commit_check.h"
#include "src/store/conformance.h"

namespace consent::store {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr ShardId kShard{1};
constexpr ShardId kOtherShard{2};
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

// Person `n`: a secret, a record and two contacts.
std::vector<ContactRow> ContactsOf(uint32_t n) {
  return {{Numbered<ContactId>(2 * n), Numbered<ConsumerId>(n)},
          {Numbered<ContactId>(2 * n + 1), Numbered<ConsumerId>(n)}};
}

DerivedRows RowsOf(uint32_t n, uint64_t applied, uint64_t seen) {
  return {.records = {{Numbered<ConsumerId>(n), "record"}},
          .contacts = ContactsOf(n),
          .applied = {applied},
          .seen = {seen}};
}

Erasure ErasureOf(uint32_t n) {
  return {.secrets = {Numbered<Handle>(n)},
          .records = {Numbered<ConsumerId>(n)},
          .contacts = {Numbered<ContactId>(2 * n), Numbered<ContactId>(2 * n + 1)}};
}

// Whether the person's rows are all there (true) or all gone; fails the test in between.
bool IsThere(Store& store, ShardId shard, uint32_t n) {
  const bool there = store.ReadSecret(shard, Numbered<Handle>(n))->has_value();
  EXPECT_EQ(store.ReadRecord(shard, Numbered<ConsumerId>(n))->has_value(), there);
  EXPECT_EQ(store.ReadContact(shard, Numbered<ContactId>(2 * n))->has_value(), there);
  EXPECT_EQ(store.ReadContact(shard, Numbered<ContactId>(2 * n + 1))->has_value(), there);
  return there;
}

// Makes people 0 to `count` - 1, with one entry each, all applied.
void Settle(Store& store, ShardId shard, uint32_t count) {
  for (uint32_t n = 0; n < count; ++n) {
    CommitRequest request = MakeCommit(n, 1);
    request.secrets = {{Numbered<Handle>(n), "secret"}};
    ASSERT_OK(store.Commit(shard, request));
    ASSERT_OK(store.WriteBehind(shard, RowsOf(n, n + 1, n + 1)));
  }
}

CommitRequest Erasing(uint64_t first, uint32_t n) {
  CommitRequest request = MakeCommit(first, 1);
  request.erase = ErasureOf(n);
  return request;
}

}  // namespace

TEST_P(StoreConformance, ACommitErasesOnePersonAndNobodyElse) {
  Settle(store(), kShard, 4);
  Settle(store(), kOtherShard, 4);
  CommitRequest request = Erasing(4, 2);
  request.secrets = {{Numbered<Handle>(9), "of the tombstone"}};
  ASSERT_OK(store().Commit(kShard, request));
  for (uint32_t n = 0; n < 4; ++n) {
    EXPECT_EQ(IsThere(store(), kShard, n), n != 2) << n;
    EXPECT_TRUE(IsThere(store(), kOtherShard, n)) << n;
  }
  EXPECT_THAT(store().ReadSecret(kShard, Numbered<Handle>(9)),
              IsOkAndHolds(Optional(std::string("of the tombstone"))));
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{{5}, "state at 5"}));
  // The journal keeps all its bytes.
  ASSERT_OK_AND_ASSIGN(const std::vector<Bundle> bundles, store().ReadBundles(kShard, {0}, 100));
  ASSERT_THAT(bundles, SizeIs(5));
  EXPECT_EQ(bundles[2], MakeCommit(2, 1).bundle);
}

TEST_P(StoreConformance, ACommitAtAnotherSizeErasesNothing) {
  Settle(store(), kShard, 2);
  EXPECT_THAT(store().Commit(kShard, Erasing(1, 0)), StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(store().Commit(kShard, Erasing(3, 0)), StatusIs(absl::StatusCode::kAborted));
  EXPECT_TRUE(IsThere(store(), kShard, 0));
  // Nor is anybody's later row refused for it.
  EXPECT_OK(store().WriteBehind(kShard, RowsOf(1, 2, 2)));
}

TEST_P(StoreConformance, ErasingWhatIsNotThereIsNoError) {
  ASSERT_OK(store().Commit(kShard, Erasing(0, 7)));
  EXPECT_FALSE(IsThere(store(), kShard, 7));
}

TEST_P(StoreConformance, AnErasureThatContradictsItselfOrIsTooLargeIsRefused) {
  CommitRequest request = Erasing(0, 1);
  request.secrets = {{Numbered<Handle>(1), "secret"}};
  EXPECT_THAT(store().Commit(kShard, request), StatusIs(kInvalid));
  request = Erasing(0, 1);
  request.erase.contacts.resize(kErasedRowsMax);
  EXPECT_THAT(store().Commit(kShard, request), StatusIs(kInvalid));
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{}));
}

TEST_P(StoreConformance, RowsThatHaveNotSeenAnErasureAreNotWrittenBehind) {
  Settle(store(), kShard, 3);
  EXPECT_THAT(store().ReadErased(kShard), IsOkAndHolds(TreeSize{0}));
  ASSERT_OK(store().Commit(kShard, Erasing(3, 1)));
  EXPECT_THAT(store().ReadErased(kShard), IsOkAndHolds(TreeSize{4}));
  // Of the erased, or of somebody else: the store does not look into rows.
  EXPECT_THAT(store().WriteBehind(kShard, RowsOf(1, 3, 3)), StatusIs(kPrecondition));
  EXPECT_THAT(store().WriteBehind(kShard, RowsOf(0, 3, 3)), StatusIs(kPrecondition));
  EXPECT_FALSE(IsThere(store(), kShard, 1));
  EXPECT_THAT(store().ReadApplied(kShard), IsOkAndHolds(TreeSize{3}));
  // A writer that has seen it may still be late with the rows of others.
  EXPECT_OK(store().WriteBehind(kShard, RowsOf(0, 3, 4)));
  ASSERT_OK(store().Commit(kShard, MakeCommit(4, 1)));
  EXPECT_OK(store().WriteBehind(kShard, RowsOf(0, 4, 4)));
  EXPECT_THAT(store().WriteBehind(kShard, RowsOf(1, 5, 3)), StatusIs(kPrecondition));
  EXPECT_THAT(store().ReadErased(kShard), IsOkAndHolds(TreeSize{4}));
  // Another shard's erasures are its own.
  EXPECT_THAT(store().ReadErased(kOtherShard), IsOkAndHolds(TreeSize{0}));
  Settle(store(), kOtherShard, 1);
}

TEST_P(StoreConformance, ASecretIsWrittenAnewOnlyWhereItStillIs) {
  Settle(store(), kShard, 3);
  Settle(store(), kOtherShard, 3);
  ASSERT_OK(store().Commit(kShard, Erasing(3, 1)));
  std::vector<SecretRow> rows;
  for (uint32_t n = 0; n < 4; ++n) rows.push_back({Numbered<Handle>(n), absl::StrCat("new ", n)});
  ASSERT_OK(store().ReplaceSecrets(kShard, rows));
  std::map<Handle, std::string> found;
  EXPECT_OK(store().ForEachSecret(kShard, [&](const Handle& handle, std::string_view value) {
    found[handle] = std::string(value);
    return true;
  }));
  EXPECT_THAT(found,
              ElementsAre(Pair(Numbered<Handle>(0), "new 0"), Pair(Numbered<Handle>(2), "new 2")));
  EXPECT_THAT(store().ReadSecret(kOtherShard, Numbered<Handle>(0)),
              IsOkAndHolds(Optional(std::string("secret"))));
  // It is no commit: the journal is as it was.
  EXPECT_THAT(store().ReadHead(kShard), IsOkAndHolds(Head{{4}, "state at 4"}));
}

TEST_P(StoreConformance, NoErasedSecretComesBackFromAWriterThatRacesTheErasure) {
  constexpr uint32_t kPeople = 60;
  Settle(store(), kShard, kPeople);
  std::thread writer([this] {
    std::vector<SecretRow> rows;
    for (uint32_t n = 0; n < kPeople; ++n) rows.push_back({Numbered<Handle>(n), "anew"});
    for (int i = 0; i < 200; ++i) EXPECT_OK(store().ReplaceSecrets(kShard, rows));
  });
  for (uint32_t n = 0; n < kPeople; ++n) {
    ASSERT_OK(store().Commit(kShard, Erasing(kPeople + n, n)));
    EXPECT_FALSE(IsThere(store(), kShard, n)) << n;
  }
  writer.join();
  for (uint32_t n = 0; n < kPeople; ++n) EXPECT_FALSE(IsThere(store(), kShard, n)) << n;
}

TEST_P(StoreConformance, NoErasedRowComesBackFromAWriterThatRacesTheErasure) {
  constexpr uint32_t kPeople = 60;
  Settle(store(), kShard, kPeople);
  std::atomic<uint32_t> erased = 0;
  std::atomic<int> surprises = 0;
  std::thread writer([&] {
    while (erased.load() < kPeople) {
      // Whoever is erased next is written again, by one who last looked before.
      const uint32_t n = erased.load();
      const absl::StatusOr<Head> head = store().ReadHead(kShard);
      if (n >= kPeople || !head.ok()) break;
      if (erased.load() != n) continue;
      if (head->size.value != kPeople + n) continue;
      const absl::Status status = store().WriteBehind(kShard, RowsOf(n, kPeople, kPeople + n));
      if (!status.ok() && status.code() != kPrecondition) surprises.fetch_add(1);
    }
  });
  for (uint32_t n = 0; n < kPeople; ++n) {
    EXPECT_OK(store().Commit(kShard, Erasing(kPeople + n, n)));
    erased.fetch_add(1);
  }
  writer.join();
  EXPECT_EQ(surprises.load(), 0);
  for (uint32_t n = 0; n < kPeople; ++n) EXPECT_FALSE(IsThere(store(), kShard, n)) << n;
}

TEST_P(StoreConformance, WhoWasErasedMayComeBackAfterwards) {
  Settle(store(), kShard, 2);
  ASSERT_OK(store().Commit(kShard, Erasing(2, 0)));
  CommitRequest request = MakeCommit(3, 1);
  request.secrets = {{Numbered<Handle>(0), "another"}};
  ASSERT_OK(store().Commit(kShard, request));
  ASSERT_OK(store().WriteBehind(kShard, RowsOf(0, 4, 4)));
  EXPECT_TRUE(IsThere(store(), kShard, 0));
}

TEST_P(StoreConformance, APurgeLeavesEverythingElseAsItWas) {
  Settle(store(), kShard, 30);
  TileRows tiles{.rows = {{.level = 0, .index = 0, .hashes = std::string(64, 't')}}, .tiled = {2}};
  ASSERT_OK(store().WriteTiles(kShard, tiles));
  ASSERT_OK(store().WriteFact("origin", "ledger.example/1"));
  ASSERT_OK(store().PurgeErased());
  ASSERT_OK(store().Commit(kShard, Erasing(30, 11)));
  std::atomic<bool> done = false;
  std::atomic<int> failures = 0;
  std::thread writer([&] {  // All else goes on meanwhile.
    for (uint64_t size = 31; !done.load(); ++size) {
      if (!store().Commit(kShard, MakeCommit(size, 1)).ok()) failures.fetch_add(1);
      if (!store().WriteBehind(kShard, RowsOf(3, size, size)).ok()) failures.fetch_add(1);
    }
  });
  EXPECT_OK(store().PurgeErased());
  EXPECT_OK(store().PurgeErased());
  done = true;
  writer.join();
  EXPECT_EQ(failures.load(), 0);
  EXPECT_EQ(store().statistics().purges, 3u);
  for (uint32_t n = 0; n < 30; ++n) EXPECT_EQ(IsThere(store(), kShard, n), n != 11) << n;
  EXPECT_THAT(store().ReadTile(kShard, 0, 0), IsOkAndHolds(Optional(tiles.rows[0].hashes)));
  EXPECT_THAT(store().ReadFact("origin"), IsOkAndHolds(Optional(std::string("ledger.example/1"))));
  ASSERT_OK_AND_ASSIGN(const Head head, store().ReadHead(kShard));
  ASSERT_OK_AND_ASSIGN(const std::vector<Bundle> bundles,
                       store().ReadBundles(kShard, {0}, head.size.value));
  EXPECT_THAT(bundles, SizeIs(head.size.value));
}

}  // namespace consent::store
