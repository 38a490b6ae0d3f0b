// SPDX-License-Identifier: Apache-2.0
//
// A ledger goes on from a store of the format before: it knows all that was said and taken, and
// what it makes of it is what the journal makes of it; also when power goes meanwhile.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/ledger/test_ledger.h"
#include "src/store/faulty_disk.h"
#include "src/store/format_before.h"
#include "src/store/rocksdb_store.h"
#include "tests/disk/rounds.h"

namespace consent::ledger {
namespace {

using core::Reason;
using store::FaultyDisk;
using store::RocksDbStore;

constexpr char kDir[] = "/disk/store";

class UpgradeTest : public ::testing::Test {
 protected:
  // On the disk, a store as the release before left it.
  void SetUp() override {
    const auto env = store::EnvOf(disk_);
    {
      ASSERT_OK_AND_ASSIGN(const auto store, Open(*env));
      TestLedger ledger(*store, clock_);
      for (const Person& person : {alice_, bob_, carol_}) ledger.Settle(person, 2, 3);
      ASSERT_OK_AND_ASSIGN(const ContactAnswer call, ledger.Consume(alice_, "c1"));
      taken_ = *call.entry;
      ASSERT_OK(ledger.Erase(ledger.ToErase(carol_)));
      ASSERT_OK(ledger.StopAndCompare());
    }
    ASSERT_OK(store::MakeFormatBefore(kDir, {.env = env.get()}));
    disk_->LosePower(1, {.unsynced = false});
  }

  static absl::StatusOr<std::unique_ptr<RocksDbStore>> Open(rocksdb::Env& env) {
    return RocksDbStore::Open(kDir, {.cache_bytes = size_t{1} << 20, .env = &env});
  }

  // Brings the store up to date, and what follows from the journal; as far as the disk will have
  // it.
  void Upgrade(const std::shared_ptr<FaultyDisk>& disk) {
    const auto env = store::EnvOf(disk);
    const auto store = Open(*env);
    if (!store.ok()) return;
    Ledger::Open(**store, clock_,
                 {.origin = std::string(kTestOrigin),
                  .peppers = TestPeppers(1, 1).Checks(),
                  .journal_keys = {KeyOf("journal")}})
        .status()
        .IgnoreError();
  }

  void Check(const std::shared_ptr<FaultyDisk>& disk) {
    const auto env = store::EnvOf(disk);
    ASSERT_OK_AND_ASSIGN(const auto store, Open(*env));
    TestLedger ledger(*store, clock_);
    ASSERT_OK_AND_ASSIGN(const ContactAnswer again, ledger.Consume(alice_, "c1"));
    EXPECT_TRUE(again.repeated);
    EXPECT_EQ(again.entry, taken_);
    EXPECT_OK(ledger.Consume(alice_, "c2"));
    EXPECT_EQ(ledger.Consume(alice_, "c3")->decision.reason, Reason::kLimitReached);
    EXPECT_EQ(ledger.Consume(bob_, "c1")->decision.reason, Reason::kOk);
    EXPECT_EQ(ledger.Consume(carol_, "c1")->decision.reason, Reason::kNoPermission);
    EXPECT_OK(ledger.StopAndCompare());
  }

  const std::shared_ptr<FaultyDisk> disk_ = std::make_shared<FaultyDisk>();
  ManualClock clock_{kTestStartMs};
  const Person alice_ = PersonOf(1), bob_ = PersonOf(2), carol_ = PersonOf(3);
  LeafIndex taken_;
};

TEST_F(UpgradeTest, ALedgerKnowsAllThatWasSaidAndTaken) { Check(disk_); }

TEST_F(UpgradeTest, PowerMayGoAtAnyMoment) {
  const auto whole = disk_->Copy();
  const uint64_t before = whole->count();
  Upgrade(whole);
  const uint64_t writes = whole->count() - before;
  EXPECT_GT(writes, 10u);
  disk::AtOnce(writes, [&](uint64_t skip) {
    SCOPED_TRACE(absl::StrCat("power went after ", skip, " of ", writes, " writes"));
    const auto disk = disk_->Copy();
    disk->CutPowerAfter(skip);
    Upgrade(disk);
    disk->LosePower(skip, {.unsynced = skip % 2 == 0});
    Check(disk);
  });
  std::printf("%llu moments\n", static_cast<unsigned long long>(writes));
}

}  // namespace
}  // namespace consent::ledger
