// SPDX-License-Identifier: Apache-2.0
//
// A fixed script, in which exactly one operation of the disk fails: each in turn, of every kind, in
// every way. The short form takes some of them, other ones each time; the long form takes all.

#include <atomic>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/faulty_disk.h"
#include "src/store/rocksdb_store.h"
#include "tests/disk/rounds.h"
#include "tests/disk/script.h"

namespace consent::disk {
namespace {

using store::DiskOp;
using store::FaultyDisk;
using store::RocksDbStore;

constexpr uint64_t kSteps = 120;
constexpr uint64_t kScriptSeed = 7;
// The operations that RocksDB's own two threads and the writer may have begun when one fails.
constexpr uint64_t kUnderWay = 3;

struct Way {
  const char* name;
  bool full;
  bool partly;
};
constexpr Way kWays[] = {{"EIO", false, false},
                         {"EIO after a part", false, true},
                         {"ENOSPC", true, false},
                         {"ENOSPC after a part", true, true}};

// Whether the store must live on. (Where a read fails it depends on whose it was.)
bool Passes(DiskOp op, const Way& way) {
  return way.full && op != DiskOp::kSync && op != DiskOp::kSyncFolder && op != DiskOp::kClose;
}

// One run of the script on a disk of its own.
class Trial {
 public:
  ~Trial() { store_.reset(); }

  FaultyDisk& disk() { return *disk_; }
  bool given_up() const { return given_up_; }

  // The script from its beginning to its end, or until the store has failed.
  void Work() {
    absl::StatusOr<std::unique_ptr<RocksDbStore>> opened = Open();
    if (!opened.ok()) return;  // The fault struck at the start.
    store_ = *std::move(opened);
    for (uint64_t i = 0; i < kSteps; ++i) {
      TakeStep().IgnoreError();  // Whether it may fail, Fail says.
      if (failures_ > 0) return;
    }
    // The fault may have struck only in the last step; it strikes once.
    absl::Status last = TakeStep();
    if (!last.ok() && failures_ == 0) last = TakeStep();
    if (failures_ == 0) {
      EXPECT_OK(last) << script_.last();
    }
  }

  // Whether the fault struck.
  bool Fail(DiskOp op, uint64_t skip, const Way& way) {
    disk_->Break({.op = op, .skip = skip, .full = way.full, .partly = way.partly});
    Work();
    if (!disk_->struck().has_value()) return false;
    SCOPED_TRACE(absl::StrCat("struck at: ", *disk_->struck()));
    if (op == DiskOp::kRead) {
      EXPECT_LE(failures_, 1);
    } else if (!Passes(op, way)) {
      EXPECT_EQ(failures_, 1) << "the store lives on";
      store_.reset();
      EXPECT_LE(disk_->written_since_strike(), kUnderWay) << "written after the failure";
    } else if (store_ != nullptr) {
      // To give up is allowed, if rarely: then the process ends, and another begins.
      EXPECT_TRUE(failures_ == 0 || given_up_) << "the store did not recover";
      if (!given_up_) ExpectCurrent();
    }
    store_.reset();
    disk_->LosePower(skip, {.unsynced = skip % 2 == 0});
    ExpectSettled();
    return true;
  }

 private:
  // Where the disk was full, the writer waits until it is let in again.
  absl::Status TakeStep() {
    absl::Status status = script_.Step(*store_);
    for (int tries = 0; absl::IsResourceExhausted(status) && tries < 100; ++tries) {
      absl::SleepFor(absl::Milliseconds(30));
      status = script_.Step(*store_);
    }
    return status;
  }

  absl::StatusOr<std::unique_ptr<RocksDbStore>> Open() {
    store::RocksDbOptions options = SmallStore(*env_);
    options.on_failure = [this](const absl::Status& failure) {
      given_up_ = absl::StrContains(failure.message(), "taken up in time");
      ++failures_;
    };
    return RocksDbStore::Open("/disk/store", options);
  }

  void ExpectCurrent() {
    const absl::StatusOr<Contents> shown = ReadContents(*store_, script_.names());
    ASSERT_OK(shown);
    EXPECT_EQ(Difference(script_.current(), *shown), "");
  }

  void ExpectSettled() {
    ASSERT_OK_AND_ASSIGN(const auto after, Open());
    ASSERT_OK_AND_ASSIGN(const Contents found, ReadContents(*after, script_.names()));
    EXPECT_EQ(script_.Settle(found), "");
    EXPECT_OK(script_.Step(*after));
  }

  const std::shared_ptr<FaultyDisk> disk_ = std::make_shared<FaultyDisk>();
  const std::unique_ptr<rocksdb::Env> env_ = store::EnvOf(disk_);
  Script script_{kScriptSeed};
  std::atomic<int> failures_ = 0;
  std::atomic<bool> given_up_ = false;
  std::unique_ptr<RocksDbStore> store_;
};

TEST(SweepTest, WhicheverOperationFailsNothingAcknowledgedIsLostAndNothingElseAppears) {
  const uint64_t seed = Seed();
  const uint64_t stride = Repeats(31, 1);
  Trial whole;
  whole.Work();
  ASSERT_FALSE(testing::Test::HasFailure());
  std::vector<std::tuple<DiskOp, uint64_t, Way>> faults;
  uint64_t place = seed;
  for (const DiskOp op : store::kDiskOps) {
    for (uint64_t n = 0; n < whole.disk().count(op); ++n) {
      for (const Way& way : kWays) {
        if (way.partly && op != DiskOp::kAppend) continue;
        if (way.full && op == DiskOp::kDelete) continue;  // A purge would wait for a minute.
        if (++place % stride == 0) faults.emplace_back(op, n, way);
      }
    }
    std::printf("%s: %llu\n", store::NameOf(op),
                static_cast<unsigned long long>(whole.disk().count(op)));
  }
  std::atomic<uint64_t> struck = 0, given_up = 0;
  AtOnce(faults.size(), [&](uint64_t i) {
    const auto& [op, n, way] = faults[i];
    SCOPED_TRACE(absl::StrCat("CONSENT_SEED=", seed, ": ", store::NameOf(op), " number ", n, ": ",
                              way.name));
    Trial trial;
    if (trial.Fail(op, n, way)) ++struck;
    if (trial.given_up()) {
      ++given_up;
      std::printf("gave up: %s number %llu: %s\n", store::NameOf(op),
                  static_cast<unsigned long long>(n), way.name);
    }
  });
  std::printf("%zu faults, of which %llu struck; %llu times the store gave up a full disk\n",
              faults.size(), static_cast<unsigned long long>(struck),
              static_cast<unsigned long long>(given_up));
  EXPECT_LE(given_up, 1 + struck / 10);
  EXPECT_GT(struck, 20u);
}

}  // namespace
}  // namespace consent::disk
