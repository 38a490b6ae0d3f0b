// SPDX-License-Identifier: Apache-2.0
//
// What RocksDbStore does on a disk that is full, and on one that fails: the first passes, the
// second is for good.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/env.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/store/conformance.h"
#include "src/store/faulty_disk.h"
#include "src/store/rocksdb_store.h"

namespace consent::store {
namespace {

using ::testing::HasSubstr;

constexpr ShardId kShard{1};
constexpr auto kUnavailable = absl::StatusCode::kUnavailable;
constexpr auto kExhausted = absl::StatusCode::kResourceExhausted;
constexpr uint64_t kMiB = uint64_t{1} << 20;

class RocksDbFullTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    store_.reset();
    ASSERT_OK_AND_ASSIGN(store_, OpenOn(*env_));
  }
  absl::StatusOr<std::unique_ptr<RocksDbStore>> OpenOn(rocksdb::Env& env) {
    RocksDbOptions options{.cache_bytes = size_t{8} << 20, .env = &env};
    options.reserve_bytes = kMiB;
    options.on_failure = [this](const absl::Status& failure) { failures_.push_back(failure); };
    return RocksDbStore::Open("/disk/store", options);
  }
  // Commits with one entry each, up to `size` entries.
  void CommitUpTo(uint64_t size) {
    ASSERT_OK_AND_ASSIGN(const Head head, store_->ReadHead(kShard));
    for (uint64_t i = head.size.value; i < size; ++i) {
      ASSERT_OK(store_->Commit(kShard, MakeCommit(i, 1)));
    }
  }
  // The journal has these entries and no others, in this store and after a power cut.
  void ExpectJournal(uint64_t size) {
    const std::shared_ptr<FaultyDisk> copy = disk_->Copy();
    copy->LosePower(/*seed=*/1, {.unsynced = false});
    copy->SetCapacity(1024 * kMiB);
    const auto env = rocksdb::NewCompositeEnv(copy);
    ASSERT_OK_AND_ASSIGN(const auto after, OpenOn(*env));
    for (RocksDbStore* const store : {store_.get(), after.get()}) {
      ASSERT_OK_AND_ASSIGN(const Head head, store->ReadHead(kShard));
      ASSERT_EQ(head.size.value, size);
      ASSERT_OK_AND_ASSIGN(const std::vector<Bundle> bundles,
                           store->ReadBundles(kShard, {0}, 1000));
      ASSERT_EQ(bundles.size(), size);
      for (uint64_t i = 0; i < size; ++i) EXPECT_EQ(bundles[i], MakeCommit(i, 1).bundle);
    }
  }
  // As in RocksDB's own file system, nothing is read or written through a store that is gone.
  void TearDown() override { store_.reset(); }

  const std::shared_ptr<FaultyDisk> disk_ = std::make_shared<FaultyDisk>();
  const std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::vector<absl::Status> failures_;
  std::unique_ptr<RocksDbStore> store_;
};

// ---- Full.

TEST_F(RocksDbFullTest, BelowTheReserveCommitsAreRefusedAndNothingIsWritten) {
  CommitUpTo(3);
  disk_->SetCapacity(disk_->used() + kMiB - 1);
  const uint64_t before = disk_->count();
  const absl::Status refused = store_->Commit(kShard, MakeCommit(3, 1));
  EXPECT_THAT(refused, StatusIs(kExhausted, HasSubstr("nothing was written")));
  EXPECT_EQ(ReasonOf(refused), "STORE_FULL");
  EXPECT_EQ(disk_->count(), before);
  // What follows from commits may use half of the reserve, and no more.
  EXPECT_OK(store_->WriteFact("checkpoint", "3"));
  disk_->SetCapacity(disk_->used() + kMiB / 2 - 1);
  EXPECT_THAT(store_->WriteFact("checkpoint", "4"), StatusIs(kExhausted));
  EXPECT_THAT(store_->WriteBehind(kShard, {.records = {}, .contacts = {}, .applied = {3}}),
              StatusIs(kExhausted));
  EXPECT_THAT(store_->PurgeErased(), StatusIs(kExhausted));
  ExpectJournal(3);
}

TEST_F(RocksDbFullTest, OnceThereIsRoomTheNextCommitSucceeds) {
  CommitUpTo(3);
  disk_->SetCapacity(disk_->used());
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kExhausted));
  disk_->SetCapacity(1024 * kMiB);
  CommitUpTo(6);
  ExpectJournal(6);
  EXPECT_THAT(failures_, testing::IsEmpty());
}

TEST_F(RocksDbFullTest, ADiskThatBecomesFullWithinARecordLosesNothingAndDoublesNothing) {
  for (const uint64_t more : {3, 6, 9}) {
    CommitUpTo(more);
    // Nobody knew: the free space looked well.
    disk_->Break({.op = DiskOp::kAppend, .kind = FileKind::kLog, .full = true, .partly = true});
    EXPECT_THAT(store_->Commit(kShard, MakeCommit(more, 1)),
                StatusIs(kUnavailable, HasSubstr("became full")));
    // Reads go on, without what failed.
    EXPECT_THAT(store_->ReadHead(kShard),
                IsOkAndHolds(Head{{more}, "state at " + std::to_string(more)}));
    CommitUpTo(more + 2);
    ExpectJournal(more + 2);
  }
  EXPECT_THAT(failures_, testing::IsEmpty());
}

TEST_F(RocksDbFullTest, WhileRocksDbFoundNoRoomWritesAreRefusedAndReadsAreNot) {
  CommitUpTo(3);
  disk_->Break({.op = DiskOp::kAppend, .full = true, .lasting = true});
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kUnavailable));
  // There seems to be room, so each write tries to take up; it fails, once a second at most.
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kExhausted));
    EXPECT_OK(store_->ReadBundles(kShard, {0}, 10));
  }
  disk_->Mend();
  absl::Status status;
  for (int tries = 0; tries < 100; ++tries) {
    status = store_->Commit(kShard, MakeCommit(3, 1));
    if (status.ok()) break;
    EXPECT_THAT(status, StatusIs(kExhausted));
    absl::SleepFor(absl::Milliseconds(50));
  }
  ASSERT_OK(status);
  ExpectJournal(4);
  EXPECT_THAT(failures_, testing::IsEmpty());
}

TEST_F(RocksDbFullTest, RoomForTablesButNotForTheLogIsNoRoom) {
  CommitUpTo(3);
  disk_->Break({.op = DiskOp::kAppend,
                .kind = FileKind::kLog,
                .full = true,
                .partly = true,
                .lasting = true});
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kUnavailable));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kExhausted));
    absl::SleepFor(absl::Milliseconds(1100));
  }
  disk_->Mend();
  CommitUpTo(5);
  ExpectJournal(5);
  EXPECT_THAT(failures_, testing::IsEmpty());
}

TEST_F(RocksDbFullTest, TheFirstWriteAfterAStartMayFindTheDiskFull) {
  CommitUpTo(3);
  Open();
  disk_->Break({.op = DiskOp::kAppend, .kind = FileKind::kLog, .full = true, .partly = true});
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kUnavailable));
  CommitUpTo(5);
  ExpectJournal(5);
  EXPECT_THAT(failures_, testing::IsEmpty());
}

TEST_F(RocksDbFullTest, AWriterThatWaitsForATableIsRefusedWhenTheTableFindsNoRoom) {
  store_.reset();
  RocksDbOptions options{.write_buffer_bytes = size_t{64} << 10, .env = env_.get()};
  options.on_failure = [this](const absl::Status& failure) { failures_.push_back(failure); };
  ASSERT_OK_AND_ASSIGN(store_, RocksDbStore::Open("/disk/store", options));
  // Writers are faster than tables, so they soon wait for them.
  disk_->SlowDown(FileKind::kTable, absl::Milliseconds(4));
  // The same rows again and again, so that tables overlap and compactions have work to do.
  uint64_t rows = 0;
  const auto write = [&] {
    return store_->WriteFact(absl::StrCat("fact ", ++rows % 10), std::string(8000, 'x'));
  };
  for (uint64_t round = 0; round < 6; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    disk_->Break(
        {.op = DiskOp::kAppend, .kind = FileKind::kTable, .skip = 9 + round, .full = true});
    bool went_well = false;
    const absl::Time until = absl::Now() + absl::Seconds(20);
    while (absl::Now() < until && !(disk_->struck().has_value() && went_well)) {
      went_well = write().ok();
      if (!went_well) absl::SleepFor(absl::Milliseconds(20));
    }
    EXPECT_TRUE(disk_->struck().has_value());
    ASSERT_THAT(failures_, testing::IsEmpty());
    ASSERT_TRUE(went_well);
  }
}

// ---- Failed.

TEST_F(RocksDbFullTest, AFailedSyncIsForGoodAlsoForWantOfRoom) {
  CommitUpTo(3);
  disk_->Break({.op = DiskOp::kSync, .kind = FileKind::kLog, .full = true});
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kUnavailable));
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)),
              StatusIs(kUnavailable, HasSubstr("sync /disk/store/")));
  ASSERT_EQ(failures_.size(), 1u);
  EXPECT_THAT(failures_[0], StatusIs(kUnavailable, HasSubstr("closed to writers")));
}

TEST_F(RocksDbFullTest, AfterAFailedSyncNothingMoreIsWritten) {
  CommitUpTo(3);
  disk_->Break({.op = DiskOp::kSync, .kind = FileKind::kLog});
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kUnavailable));
  const auto written = [&] { return disk_->count() - disk_->count(DiskOp::kClose); };
  const uint64_t before = written();
  EXPECT_THAT(store_->Commit(kShard, MakeCommit(3, 1)), StatusIs(kUnavailable));
  EXPECT_THAT(store_->WriteFact("fact", "x"), StatusIs(kUnavailable));
  EXPECT_THAT(store_->PurgeErased(), StatusIs(kUnavailable));
  store_.reset();
  EXPECT_EQ(written(), before);
  EXPECT_EQ(failures_.size(), 1u);
}

TEST_F(RocksDbFullTest, AFailedSyncOfTheFolderOfTablesOrOfTheCatalogueIsForGood) {
  for (const auto& [op, kind] :
       std::vector<std::pair<DiskOp, FileKind>>{{DiskOp::kSyncFolder, FileKind::kFolder},
                                                {DiskOp::kSync, FileKind::kTable},
                                                {DiskOp::kSync, FileKind::kManifest},
                                                {DiskOp::kSync, FileKind::kCurrent},
                                                {DiskOp::kClose, FileKind::kTable}}) {
    SCOPED_TRACE(std::string(NameOf(op)) + " " + NameOf(kind));
    Open();
    failures_.clear();
    ASSERT_OK_AND_ASSIGN(const Head head, store_->ReadHead(kShard));
    CommitUpTo(head.size.value + 1);
    disk_->Break({.op = op, .kind = kind});
    EXPECT_THAT(store_->PurgeErased(), StatusIs(kUnavailable));
    EXPECT_TRUE(disk_->struck().has_value());
    EXPECT_THAT(store_->Commit(kShard, MakeCommit(head.size.value + 1, 1)),
                StatusIs(kUnavailable, HasSubstr("closed to writers")));
    EXPECT_EQ(failures_.size(), 1u);
  }
}

}  // namespace
}  // namespace consent::store
