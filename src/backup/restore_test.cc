// SPDX-License-Identifier: Apache-2.0
//
// A ledger's backups: what is in them, what a damaged one does, what a restored store may do.

#include "src/backup/restore.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/backup/backups.h"
#include "src/base/status_matchers.h"
#include "src/journal/reader.h"
#include "src/ledger/recover.h"
#include "src/ledger/replay.h"
#include "src/ledger/restored.h"
#include "src/ledger/test_ledger.h"
#include "src/store/rocksdb_store.h"
#include "src/store/temporary_folder.h"

namespace consent::backup {
namespace {

namespace fs = std::filesystem;
using ledger::kConsumerShard;
using ledger::PersonOf;
using ::testing::HasSubstr;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void WriteAll(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class RestoreTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(store_, store::RocksDbStore::Open(Path("store")));
    ledger_ = std::make_unique<ledger::TestLedger>(*store_, clock_);
    for (int i = 0; i < 3; ++i) ledger_->Settle(PersonOf(i), 5, 5);
    Call(4);
    ASSERT_OK_AND_ASSIGN(backups_,
                         Backups::Open(Path("backups"), std::string(ledger::kTestOrigin)));
  }
  std::string Path(const std::string& name) const { return temporary_.path() + "/" + name; }
  void Call(int times) {
    for (int i = 0; i < times; ++i) {
      clock_.Advance(1000);
      ASSERT_OK(ledger_->Consume(PersonOf(0), absl::StrCat("r", calls_++)));
    }
  }
  uint32_t Backup(size_t keep = 100) {
    const auto made = backups_->Make(*store_, clock_, "0.0.0", keep);
    EXPECT_OK(made);
    return made.ok() ? made->manifest.id : 0;
  }
  uint64_t Entries(const std::string& data) {
    const auto store = store::RocksDbStore::OpenReadOnly(data + "/store");
    EXPECT_OK(store);
    const auto report = ledger::ReplayAndCompare(**store, kConsumerShard, {});
    EXPECT_OK(report);
    return report.ok() ? report->entries : 0;
  }

  store::TemporaryFolder temporary_;
  ManualClock clock_{ledger::kTestStartMs};
  std::unique_ptr<store::RocksDbStore> store_;
  std::unique_ptr<ledger::TestLedger> ledger_;
  std::unique_ptr<Backups> backups_;
  int calls_ = 0;
};

TEST_F(RestoreTest, ABackupHoldsTheLedgerAsItStoodAndSaysSo) {
  const uint64_t before = ledger_->JournalSize().value;
  const uint32_t id = Backup();
  Call(3);
  EXPECT_OK(backups_->Verify(id));
  ASSERT_OK_AND_ASSIGN(const RestoreReport report, Restore(*backups_, {.data = Path("new")}));
  EXPECT_EQ(report.manifest.origin, ledger::kTestOrigin);
  EXPECT_EQ(report.manifest.journals[1].size.value, before);
  EXPECT_EQ(Entries(Path("new")), before);
}

TEST_F(RestoreTest, TheOldestGoOnceThereAreMoreThanAreKept) {
  for (int i = 0; i < 5; ++i) {
    Call(1);
    Backup(/*keep=*/2);
  }
  ASSERT_EQ(backups_->List().size(), 2u);
  for (const Backups::Listed& listed : backups_->List()) EXPECT_OK(backups_->Verify(listed.id));
}

TEST_F(RestoreTest, AFolderOfAnotherLedgersBackupsIsRefused) {
  Backup();
  backups_.reset();
  EXPECT_THAT(Backups::Open(Path("backups"), "other.example").status().ToString(),
              HasSubstr("name another folder"));
}

TEST_F(RestoreTest, NothingIsWrittenOverAndNothingHalfIsLeft) {
  Backup();
  fs::create_directories(Path("full/keys"));
  WriteAll(Path("full/letter"), "dear");
  EXPECT_THAT(Restore(*backups_, {.data = Path("full")}).status().ToString(), HasSubstr("letter"));
  EXPECT_FALSE(fs::exists(Path("full/store")));
  fs::remove(Path("full/letter"));
  EXPECT_OK(Restore(*backups_, {.data = Path("full")}));
  EXPECT_FALSE(Restore(*backups_, {.data = Path("full")}).ok());
  EXPECT_TRUE(absl::IsDataLoss(Restore(*backups_, {.id = 99, .data = Path("none")}).status()));
}

TEST_F(RestoreTest, ADamagedBackupIsNamedAndRestoresNothing) {
  Call(1);
  ASSERT_OK(store_->PurgeErased());
  const uint32_t id = Backup();
  backups_.reset();
  int damaged = 0;
  for (const auto& entry : fs::recursive_directory_iterator(Path("backups"))) {
    if (!entry.is_regular_file() || entry.path().filename() == "LOCK") continue;
    SCOPED_TRACE(entry.path());
    const std::string bytes = ReadAll(entry.path());
    if (bytes.empty()) continue;
    std::string changed = bytes;
    changed[bytes.size() / 2] ^= 0x04;
    for (const std::string& found : {changed, bytes.substr(0, bytes.size() / 2), std::string()}) {
      WriteAll(entry.path(), found);
      const auto backups = Backups::OpenReadOnly(Path("backups"));
      ++damaged;
      if (!backups.ok()) continue;
      EXPECT_EQ((*backups)->Verify(id).status().code(), absl::StatusCode::kDataLoss);
      EXPECT_FALSE(Restore(**backups, {.id = id, .data = Path("new")}).ok());
      EXPECT_FALSE(fs::exists(Path("new/store")));
    }
    WriteAll(entry.path(), bytes);
  }
  EXPECT_GT(damaged, 20);
  ASSERT_OK_AND_ASSIGN(const auto backups, Backups::OpenReadOnly(Path("backups")));
  EXPECT_OK(backups->Verify(id));
}

TEST_F(RestoreTest, AManifestOfAnotherJournalIsNotBelieved) {
  const uint32_t id = Backup();
  ASSERT_OK_AND_ASSIGN(Manifest manifest, backups_->ReadManifest(id));
  manifest.journals[1].root.bytes[0] ^= 1;
  WriteAll(Path(absl::StrCat("backups/label/", id)), WriteManifest(manifest));
  EXPECT_THAT(backups_->Verify(id).status().ToString(), HasSubstr("manifest's root"));
  EXPECT_THAT(Restore(*backups_, {.data = Path("new")}).status().ToString(),
              HasSubstr("manifest's root"));
  EXPECT_TRUE(fs::is_empty(Path("new")));
}

TEST_F(RestoreTest, ARestoredStoreSignsNothingUntilSomebodyKnowsWhatWasPromised) {
  Backup();
  ASSERT_OK(Restore(*backups_, {.data = Path("new")}));
  ASSERT_OK_AND_ASSIGN(const auto store, store::RocksDbStore::Open(Path("new/store")));
  EXPECT_THAT(ledger::CheckRestored(*store, nullptr).ToString(), HasSubstr("no guard says"));
  ASSERT_OK_AND_ASSIGN(const auto guard, ledger::Guard::Create(Path("guard")));
  EXPECT_THAT(ledger::CheckRestored(*store, guard.get()).ToString(),
              HasSubstr("its guard does not say"));
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    ASSERT_OK(guard->Keep((*ledger_)->JournalOrigin(shard), "kept"));
  }
  EXPECT_OK(ledger::CheckRestored(*store, guard.get()));
  ASSERT_OK(ledger::Recover(*store, clock_, {}));
  EXPECT_OK(ledger::CheckRestored(*store, nullptr));
}

TEST_F(RestoreTest, CutBySizeOrTimeItIsTheLedgerOfThatMoment) {
  const TreeSize then = ledger_->JournalSize();
  const Instant at{clock_.WallMillis() / 1000};
  Call(3);
  Backup();
  for (const Cut& cut : {Cut{.size = then}, Cut{.until = at}}) {
    const std::string data = Path(cut.size.has_value() ? "size" : "time");
    ASSERT_OK_AND_ASSIGN(const RestoreReport report,
                         Restore(*backups_, {.data = data, .cut = cut}));
    EXPECT_EQ(report.journals[1].size, then);
    EXPECT_EQ(Entries(data), then.value);
    ASSERT_OK_AND_ASSIGN(const auto store, store::RocksDbStore::Open(data + "/store"));
    EXPECT_THAT(ledger::CheckRestored(*store, nullptr).ToString(), HasSubstr("cut short"));
    EXPECT_OK(ledger::Recover(*store, clock_, {}));
  }
  EXPECT_THAT(Restore(*backups_, {.data = Path("far"), .cut = Cut{.size = TreeSize{9999}}})
                  .status()
                  .ToString(),
              HasSubstr("found 9999"));
}

TEST_F(RestoreTest, WhoWasErasedAfterTheCutStaysErasedAndNoLedgerGoesOnFromThere) {
  const TreeSize then = ledger_->JournalSize();
  clock_.Advance(1000);
  ASSERT_OK(ledger_->Erase(ledger_->ToErase(PersonOf(1))));
  Backup();
  ASSERT_OK_AND_ASSIGN(const RestoreReport report,
                       Restore(*backups_, {.data = Path("cut"), .cut = Cut{.size = then}}));
  EXPECT_EQ(report.erased_later, 1u);
  EXPECT_EQ(Entries(Path("cut")), then.value);
  ASSERT_OK_AND_ASSIGN(const auto store, store::RocksDbStore::Open(Path("cut/store")));
  EXPECT_THAT(ledger::Recover(*store, clock_, {}).status().ToString(), HasSubstr("erased"));
  // It is the fact that accounts for them; a secret that is missing for no reason is still a loss.
  ASSERT_OK(store->WriteFact(journal::ErasedLaterFact(kConsumerShard), ""));
  EXPECT_EQ(ledger::ReplayAndCompare(*store, kConsumerShard, {}).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(RestoreTest, NoCutGoesBehindARecovery) {
  const TreeSize then = ledger_->JournalSize();
  ledger_.reset();
  clock_.Advance(1000);
  ASSERT_OK(ledger::Recover(*store_, clock_, {}));
  Backup();
  EXPECT_THAT(
      Restore(*backups_, {.data = Path("cut"), .cut = Cut{.size = then}}).status().ToString(),
      HasSubstr("recovered after a loss"));
}

}  // namespace
}  // namespace consent::backup
