// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/backup_clerk.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/ledger/test_ledger.h"
#include "src/store/memory_store.h"
#include "src/store/rocksdb_store.h"
#include "src/store/temporary_folder.h"

namespace consent::consentd {
namespace {

using ::testing::HasSubstr;

class BackupClerkTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(store_, store::RocksDbStore::Open(folder_.path() + "/store"));
    ledger_ = std::make_unique<ledger::TestLedger>(*store_, clock_);
    config_.data = folder_.path() + "/data";
    config_.backup = folder_.path() + "/backups";
  }
  absl::StatusOr<std::unique_ptr<BackupClerk>> Open(store::Store& store) {
    return BackupClerk::Open(config_, std::string(ledger::kTestOrigin), store, clock_,
                             [this](const auto& made) { ++(made.ok() ? made_ : failed_); });
  }

  store::TemporaryFolder folder_;
  ManualClock clock_{ledger::kTestStartMs};
  std::unique_ptr<store::RocksDbStore> store_;
  std::unique_ptr<ledger::TestLedger> ledger_;
  Config config_;
  std::atomic<int> made_ = 0, failed_ = 0;
};

TEST_F(BackupClerkTest, WhoAsksDuringABackupIsToldSo) {
  ASSERT_OK_AND_ASSIGN(const auto clerk, Open(*store_));
  std::atomic<int> good = 0, told = 0;
  std::vector<std::thread> askers;
  for (int i = 0; i < 8; ++i) {
    askers.emplace_back([&] {
      const auto made = clerk->MakeBackup();
      if (made.ok()) ++good;
      if (ReasonOf(made.status()) == "BACKUP_UNDER_WAY") ++told;
    });
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(good + told, 8);
  EXPECT_GE(good, 1);
  EXPECT_GE(told, 1);
  EXPECT_EQ(made_, good);
}

TEST_F(BackupClerkTest, AStoppedClerkMakesNone) {
  ASSERT_OK_AND_ASSIGN(const auto clerk, Open(*store_));
  clerk->Stop();
  EXPECT_EQ(ReasonOf(clerk->MakeBackup().status()), "SHUTTING_DOWN");
}

TEST_F(BackupClerkTest, ABackupThatFailsSaysWhyAndIsReported) {
  store::MemoryStore memory;
  ASSERT_OK_AND_ASSIGN(const auto clerk, Open(memory));
  const absl::Status failed = clerk->MakeBackup().status();
  EXPECT_EQ(ReasonOf(failed), "BACKUP_FAILED");
  EXPECT_THAT(failed.ToString(), HasSubstr("cannot be backed up"));
  EXPECT_EQ(failed_, 1);
}

TEST_F(BackupClerkTest, BackupsLieOutsideOfTheData) {
  const auto said = [&](const std::string& data, const std::string& backup) {
    config_.data = data;
    config_.backup = backup;
    return CheckBackupSettings(config_).ok();
  };
  EXPECT_FALSE(said("/x/data", "/x/data"));
  EXPECT_FALSE(said("/x/data", "/x/data/backups"));
  EXPECT_FALSE(said("/x/data/", "/x/other/../data/backups/"));
  EXPECT_FALSE(said("/x/data", "/x"));
  EXPECT_FALSE(said("data", "./data"));
  EXPECT_TRUE(said("/x/data", "/x/data-backups"));
  EXPECT_TRUE(said("/x/data", "/y"));
  EXPECT_TRUE(said("/x/data", ""));
  config_.backup_minutes = 5;
  EXPECT_THAT(CheckBackupSettings(config_).ToString(), HasSubstr("expected --backup DIR"));
}

}  // namespace
}  // namespace consent::consentd
