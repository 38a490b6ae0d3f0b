// SPDX-License-Identifier: Apache-2.0
//
// Copies of a store that lies on this machine's disk, in a folder on a disk that fails and rots.

#include "src/store/backup_folder.h"

#include <atomic>
#include <filesystem>
#include <fstream>
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
#include "src/store/temporary_folder.h"

namespace consent::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

constexpr ShardId kShard{1};
constexpr char kBackups[] = "/backups";

class BackupFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    RocksDbOptions options{.cache_bytes = size_t{8} << 20};
    ASSERT_OK_AND_ASSIGN(store_, RocksDbStore::Open(temporary_.path() + "/store", options));
  }
  void CommitUpTo(uint64_t size) {
    ASSERT_OK_AND_ASSIGN(const Head head, store_->ReadHead(kShard));
    for (uint64_t i = head.size.value; i < size; ++i) {
      ASSERT_OK(store_->Commit(kShard, MakeCommit(i, 1)));
    }
  }
  absl::StatusOr<std::unique_ptr<BackupFolder>> Open() {
    return BackupFolder::Open(kBackups, env_.get());
  }
  absl::StatusOr<std::unique_ptr<BackupFolder>> OpenReadOnly() {
    return BackupFolder::OpenReadOnly(kBackups, env_.get());
  }
  absl::StatusOr<BackupFolder::Copied> Copy(BackupFolder& folder) {
    return folder.Copy(
        *store_, [](const BackupFolder::Copied&, RocksDbStore& copy, const std::string&) {
          const auto head = copy.ReadHead(kShard);
          return head.ok() ? absl::StatusOr<std::string>(std::to_string(head->size.value))
                           : head.status();
        });
  }
  // Each copy is whole, and holds as many entries as its label says.
  static void ExpectWhole(BackupFolder& folder) {
    for (const uint32_t id : folder.Ids()) {
      EXPECT_OK(folder.Check(id));
      ASSERT_OK_AND_ASSIGN(const std::string label, folder.Label(id));
      ASSERT_OK_AND_ASSIGN(const auto copy, folder.Read(id));
      ASSERT_OK_AND_ASSIGN(const Head head, copy->ReadHead(kShard));
      EXPECT_EQ(std::to_string(head.size.value), label);
      ASSERT_OK_AND_ASSIGN(const auto bundles, copy->ReadBundles(kShard, {0}, head.size.value));
      EXPECT_EQ(bundles.size(), head.size.value);
    }
  }
  // Starts over with an empty disk for copies.
  void NewDisk() {
    disk_ = std::make_shared<FaultyDisk>();
    env_ = rocksdb::NewCompositeEnv(disk_);
  }

  TemporaryFolder temporary_;
  std::shared_ptr<FaultyDisk> disk_ = std::make_shared<FaultyDisk>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::unique_ptr<RocksDbStore> store_;
};

TEST_F(BackupFolderTest, ACopyHoldsWhatWasCommittedBeforeAndLaterCopiesShareItsTables) {
  CommitUpTo(200);
  ASSERT_OK(store_->PurgeErased());  // All that lies in memory becomes tables.
  ASSERT_OK_AND_ASSIGN(const auto folder, Open());
  ASSERT_OK_AND_ASSIGN(const BackupFolder::Copied first, Copy(*folder));
  CommitUpTo(210);
  ASSERT_OK_AND_ASSIGN(const BackupFolder::Copied second, Copy(*folder));
  EXPECT_THAT(folder->Ids(), ElementsAre(first.id, second.id));
  EXPECT_EQ(folder->Label(first.id).value_or(""), "200");
  EXPECT_EQ(folder->Label(second.id).value_or(""), "210");
  EXPECT_EQ(first.bytes_copied, first.bytes);
  EXPECT_LT(second.bytes_copied, second.bytes);
  ExpectWhole(*folder);
}

TEST_F(BackupFolderTest, CommitsGoOnWhileACopyIsMade) {
  CommitUpTo(100);
  ASSERT_OK_AND_ASSIGN(const auto folder, Open());
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (uint64_t i = 100; !done; ++i) ASSERT_OK(store_->Commit(kShard, MakeCommit(i, 1)));
  });
  for (int i = 0; i < 5; ++i) EXPECT_OK(Copy(*folder));
  done = true;
  writer.join();
  EXPECT_EQ(folder->Ids().size(), 5u);
  ExpectWhole(*folder);
}

TEST_F(BackupFolderTest, ARestoredCopyIsAStoreThatGoesOn) {
  CommitUpTo(50);
  ASSERT_OK_AND_ASSIGN(const auto folder, Open());
  ASSERT_OK_AND_ASSIGN(const BackupFolder::Copied copied, Copy(*folder));
  CommitUpTo(60);
  const std::string target = temporary_.path() + "/restored";
  ASSERT_OK(folder->Restore(copied.id, target));
  ASSERT_OK_AND_ASSIGN(const auto restored, RocksDbStore::Open(target));
  ASSERT_OK_AND_ASSIGN(const Head head, restored->ReadHead(kShard));
  EXPECT_EQ(head.size.value, 50u);
  EXPECT_OK(restored->Commit(kShard, MakeCommit(50, 1)));
  // What is there already is never written over.
  EXPECT_FALSE(folder->Restore(copied.id, target).ok());
}

TEST_F(BackupFolderTest, APowerCutAtAnyWriteLosesNoEarlierCopyAndLeavesNoHalfOne) {
  CommitUpTo(20);
  uint64_t tried = 0;
  for (uint64_t skip = 0;; ++skip, ++tried) {
    SCOPED_TRACE(skip);
    NewDisk();
    bool off = false;
    {
      ASSERT_OK_AND_ASSIGN(const auto folder, Open());
      ASSERT_OK(Copy(*folder));
      disk_->CutPowerAfter(skip);
      const bool copied = Copy(*folder).ok();
      off = disk_->off();
      EXPECT_NE(copied, off);
    }
    if (!off) break;
    disk_->LosePower(/*seed=*/skip, {.unsynced = skip % 2 == 0});
    {
      ASSERT_OK_AND_ASSIGN(const auto seen, OpenReadOnly());
      ASSERT_THAT(seen->Ids(), testing::Contains(1u));
      ExpectWhole(*seen);
    }
    ASSERT_OK_AND_ASSIGN(const auto folder, Open());
    EXPECT_OK(Copy(*folder));
    EXPECT_GE(folder->Ids().size(), 2u);
    ExpectWhole(*folder);
  }
  EXPECT_GT(tried, 10u);
}

TEST_F(BackupFolderTest, AFullDiskFailsTheCopyAndNothingElse) {
  CommitUpTo(50);
  ASSERT_OK_AND_ASSIGN(const auto folder, Open());
  ASSERT_OK(Copy(*folder));
  CommitUpTo(100);
  disk_->SetCapacity(disk_->used() + 4096);
  EXPECT_EQ(Copy(*folder).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_OK(store_->Commit(kShard, MakeCommit(100, 1)));
  EXPECT_THAT(folder->Ids(), ElementsAre(1u));
  disk_->SetCapacity(uint64_t{1} << 30);
  EXPECT_OK(Copy(*folder));
  EXPECT_EQ(folder->Ids().size(), 2u);
  ExpectWhole(*folder);
}

TEST_F(BackupFolderTest, AChangedByteOrAMissingFileIsFound) {
  CommitUpTo(50);
  ASSERT_OK(store_->PurgeErased());
  CommitUpTo(60);
  {
    ASSERT_OK_AND_ASSIGN(const auto folder, Open());
    ASSERT_OK(Copy(*folder));
  }
  int changed = 0;
  for (const auto& [path, size] : disk_->Files()) {
    if (size == 0 || path.find("/label/") != std::string::npos) continue;
    SCOPED_TRACE(path);
    const std::string bytes = disk_->Bytes(path);
    ASSERT_OK_AND_ASSIGN(const auto before, OpenReadOnly());
    ASSERT_OK_AND_ASSIGN(const std::string catalogue, before->Catalogue(1));
    ASSERT_OK_AND_ASSIGN(const uint64_t whole, before->Bytes(1));
    for (const size_t at : {size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
      std::string damaged = bytes;
      damaged[at] ^= 0x20;
      disk_->Replace(path, damaged);
      const auto folder = OpenReadOnly();
      // The catalogue is compared by whoever holds its digest.
      EXPECT_TRUE(!folder.ok() || (*folder)->Catalogue(1).value_or("") != catalogue ||
                  !(*folder)->Check(1).ok());
      ++changed;
    }
    disk_->Replace(path, bytes.substr(0, bytes.size() / 2));
    const auto folder = OpenReadOnly();
    EXPECT_TRUE(!folder.ok() || (*folder)->Catalogue(1).value_or("") != catalogue ||
                (*folder)->Bytes(1).value_or(0) != whole);
    disk_->Replace(path, bytes);
  }
  EXPECT_GT(changed, 10);
}

TEST_F(BackupFolderTest, ARemovedCopyLeavesTheOthersWhole) {
  ASSERT_OK_AND_ASSIGN(const auto folder, Open());
  for (const uint64_t size : {20, 40, 60}) {
    CommitUpTo(size);
    ASSERT_OK(store_->PurgeErased());
    ASSERT_OK(Copy(*folder));
  }
  ASSERT_OK(folder->Remove(1));
  EXPECT_THAT(folder->Ids(), ElementsAre(2u, 3u));
  EXPECT_FALSE(folder->Label(1).ok());
  ExpectWhole(*folder);
}

TEST_F(BackupFolderTest, ACopyWithoutALabelCountsForNothingAndIsRemoved) {
  CommitUpTo(5);
  ASSERT_OK_AND_ASSIGN(const auto folder, Open());
  const auto refused =
      folder->Copy(*store_, [](const BackupFolder::Copied&, RocksDbStore&, const std::string&) {
        return absl::StatusOr<std::string>(absl::InternalError("no label"));
      });
  EXPECT_FALSE(refused.ok());
  EXPECT_THAT(folder->Ids(), IsEmpty());
  EXPECT_OK(Copy(*folder));
  EXPECT_EQ(folder->Ids().size(), 1u);
  ExpectWhole(*folder);
}

TEST_F(BackupFolderTest, AFolderMayBeNamedFromTheWorkingFolder) {
  CommitUpTo(5);
  const fs::path before = fs::current_path();
  fs::current_path(temporary_.path());
  for (const std::string name : {"backups", "./here//", "backups/"}) {
    const auto folder = BackupFolder::Open(name);
    ASSERT_OK(folder);
    EXPECT_OK(Copy(**folder));
    ExpectWhole(**folder);
  }
  fs::current_path(before);
}

TEST_F(BackupFolderTest, OneProcessMakesCopiesAndOnlyInAFolderOfCopies) {
  const std::string dir = temporary_.path() + "/backups";
  {
    ASSERT_OK_AND_ASSIGN(const auto folder, BackupFolder::Open(dir));
    EXPECT_THAT(BackupFolder::Open(dir).status().ToString(), HasSubstr("another process"));
  }
  EXPECT_OK(BackupFolder::Open(dir));
  EXPECT_EQ(BackupFolder::OpenReadOnly(temporary_.path() + "/none").status().code(),
            absl::StatusCode::kNotFound);
  std::ofstream(dir + "/letter.txt") << "dear";
  EXPECT_THAT(BackupFolder::Open(dir).status().ToString(), HasSubstr("letter.txt"));
}

}  // namespace
}  // namespace consent::store
