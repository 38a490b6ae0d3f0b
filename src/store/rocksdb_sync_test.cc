// SPDX-License-Identifier: Apache-2.0
//
// What RocksDbStore makes durable and when, seen from the file system below it.

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "src/base/status_matchers.h"
#include "src/store/conformance.h"
#include "src/store/faulty_disk.h"
#include "src/store/rocksdb_store.h"

namespace consent::store {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

constexpr ShardId kShard{1};
constexpr auto kUnavailable = absl::StatusCode::kUnavailable;

class RocksDbSyncTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    store_.reset();
    ASSERT_OK_AND_ASSIGN(store_, OpenOn(*env_));
  }
  static absl::StatusOr<std::unique_ptr<RocksDbStore>> OpenOn(rocksdb::Env& env) {
    return RocksDbStore::Open("/disk/store", {.cache_bytes = size_t{8} << 20, .env = &env});
  }
  uint64_t log_syncs() const { return disk_->count(DiskOp::kSync, FileKind::kLog); }

  // What a machine that loses power now has on its disk: what was synced alone.
  std::unique_ptr<rocksdb::Env> AfterPowerLoss() {
    const std::shared_ptr<FaultyDisk> copy = disk_->Copy();
    copy->LosePower(/*seed=*/1, {.unsynced = false});
    return rocksdb::NewCompositeEnv(copy);
  }

  const std::shared_ptr<FaultyDisk> disk_ = std::make_shared<FaultyDisk>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::unique_ptr<RocksDbStore> store_;
};

DerivedRows Behind(uint64_t applied) {
  return {.records = {{FilledWith<ConsumerId>(1), "record"}},
          .contacts = {{FilledWith<ContactId>(1), FilledWith<ConsumerId>(1)}},
          .applied = {applied}};
}

TEST_F(RocksDbSyncTest, EveryCommitAndFactIsSyncedOnceAndRowsWrittenBehindAreNot) {
  const uint64_t files_before = log_syncs();
  const uint64_t counted_before = store_->statistics().syncs;
  for (uint64_t i = 0; i < 25; ++i) {
    ASSERT_OK(store_->Commit(kShard, MakeCommit(i, 1)));
    EXPECT_EQ(log_syncs() - files_before, i + 1);
    ASSERT_OK(store_->WriteBehind(kShard, Behind(i + 1)));
    EXPECT_EQ(log_syncs() - files_before, i + 1);
  }
  ASSERT_OK(store_->WriteFact("origin", "ledger.example/1"));
  EXPECT_EQ(log_syncs() - files_before, 26u);
  EXPECT_EQ(store_->statistics().syncs - counted_before, 26u);
  EXPECT_EQ(store_->statistics().commits, 25u);
}

TEST_F(RocksDbSyncTest, StatisticsCountTheSyncsOfThreadsThatShareThem) {
  std::vector<std::thread> threads;
  for (uint16_t shard = 0; shard < 4; ++shard) {
    threads.emplace_back([&, shard] {
      for (uint64_t i = 0; i < 50; ++i) {
        if (!store_->Commit(ShardId{shard}, MakeCommit(i, 1)).ok()) return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store_->statistics().commits, 200u);
  EXPECT_EQ(store_->statistics().syncs, log_syncs());
  EXPECT_LE(store_->statistics().syncs, 201u);  // The format's own is the one more.
}

TEST_F(RocksDbSyncTest, EveryCommitThatReturnedOkSurvivesALossOfPower) {
  for (uint64_t i = 0; i < 10; ++i) {
    CommitRequest request = MakeCommit(i * 3, 3);
    request.secrets = {{Numbered<Handle>(static_cast<uint32_t>(i)), "secret"}};
    ASSERT_OK(store_->Commit(kShard, request));
    ASSERT_OK(store_->WriteBehind(kShard, Behind(i)));
    const auto disk = AfterPowerLoss();
    ASSERT_OK_AND_ASSIGN(const auto after, OpenOn(*disk));
    EXPECT_THAT(after->ReadHead(kShard), IsOkAndHolds(Head{{i * 3 + 3}, request.head_state}));
    ASSERT_OK_AND_ASSIGN(const std::vector<Bundle> bundles, after->ReadBundles(kShard, {0}, 1000));
    ASSERT_EQ(bundles.size(), i + 1);
    EXPECT_EQ(bundles.back(), request.bundle);
    EXPECT_THAT(after->ReadSecret(kShard, request.secrets[0].handle),
                IsOkAndHolds(Optional(std::string("secret"))));
  }
}

TEST_F(RocksDbSyncTest, RowsWrittenBehindAreLostWholeOrNotAtAll) {
  ASSERT_OK(store_->Commit(kShard, MakeCommit(0, 5)));
  ASSERT_OK(store_->WriteBehind(kShard, Behind(5)));
  {
    const auto disk = AfterPowerLoss();
    ASSERT_OK_AND_ASSIGN(const auto after, OpenOn(*disk));
    EXPECT_THAT(after->ReadApplied(kShard), IsOkAndHolds(TreeSize{0}));
    EXPECT_THAT(after->ReadRecord(kShard, FilledWith<ConsumerId>(1)), IsOkAndHolds(std::nullopt));
  }
  // The next commit's sync takes them along.
  ASSERT_OK(store_->Commit(kShard, MakeCommit(5, 1)));
  const auto disk = AfterPowerLoss();
  ASSERT_OK_AND_ASSIGN(const auto after, OpenOn(*disk));
  EXPECT_THAT(after->ReadApplied(kShard), IsOkAndHolds(TreeSize{5}));
  EXPECT_THAT(after->ReadRecord(kShard, FilledWith<ConsumerId>(1)),
              IsOkAndHolds(Optional(std::string("record"))));
}

TEST_F(RocksDbSyncTest, AFailedSyncClosesTheStoreForGoodAndReopeningTellsWhatIsDurable) {
  ASSERT_OK(store_->Commit(kShard, MakeCommit(0, 2)));
  disk_->Break({.op = DiskOp::kSync, .kind = FileKind::kLog});
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(2, 1)),
              StatusIs(kUnavailable, HasSubstr("injected: input/output error")));
  // The disk is well again: that alone must not reopen the store.
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(2, 1)),
              StatusIs(kUnavailable, HasSubstr("closed to writers since a write failed")));
  EXPECT_THAT(store_->Commit(ShardId{2}, MakeCommit(0, 1)), StatusIs(kUnavailable));
  EXPECT_THAT(store_->WriteBehind(kShard, Behind(1)), StatusIs(kUnavailable));
  EXPECT_THAT(store_->WriteFact("origin", "x"), StatusIs(kUnavailable));
  EXPECT_THAT(store_->ReadHead(kShard), StatusIs(kUnavailable));
  EXPECT_EQ(store_->statistics().commits, 1u);

  Open();
  ASSERT_OK_AND_ASSIGN(const Head head, store_->ReadHead(kShard));
  EXPECT_THAT(head.size.value, testing::AnyOf(2u, 3u));
  EXPECT_OK(store_->Commit(kShard, MakeCommit(head.size.value, 1)));
}

TEST_F(RocksDbSyncTest, AFailedAppendClosesTheStoreForGood) {
  ASSERT_OK(store_->Commit(kShard, MakeCommit(0, 2)));
  disk_->Break({.op = DiskOp::kAppend, .kind = FileKind::kLog, .partly = true});
  EXPECT_THAT(store_->WriteBehind(kShard, Behind(1)), StatusIs(kUnavailable));
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(2, 1)), StatusIs(kUnavailable));
  Open();
  EXPECT_THAT(store_->ReadHead(kShard), IsOkAndHolds(Head{{2}, "state at 2"}));
  EXPECT_OK(store_->Commit(kShard, MakeCommit(2, 1)));
}

}  // namespace
}  // namespace consent::store
