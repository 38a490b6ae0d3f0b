// SPDX-License-Identifier: Apache-2.0
//
// Random work on a store, ended at random moments by a loss of power or a failing disk, and what is
// then found: everything that was acknowledged, byte for byte, and nothing else.
//
// The seed decides what is written, where the disk fails and what is left; RocksDB's own threads
// fall as they like, so a run that is repeated may meet the fault elsewhere.

#include <atomic>
#include <functional>
#include <iterator>
#include <memory>
#include <random>
#include <string>

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

using store::DiskFault;
using store::DiskOp;
using store::FaultyDisk;
using store::RocksDbStore;

constexpr uint64_t kStepsMax = 150;
constexpr int kLives = 4;

// A disk, and what was written to it, from its first day to its last.
class History {
 public:
  explicit History(uint64_t seed)
      : disk_(std::make_shared<FaultyDisk>(seed)), env_(store::EnvOf(disk_)), script_(seed) {}

  FaultyDisk& disk() { return *disk_; }
  const Script& script() const { return script_; }

  // Works for some steps, also when the store has failed or could not even be opened.
  void Work(uint64_t steps) {
    const auto store = Open();
    if (!store.ok()) return;
    for (uint64_t i = 0; i < steps; ++i) {
      const absl::Status status = script_.Step(**store);
      if (absl::IsResourceExhausted(status)) {
        absl::SleepFor(absl::Milliseconds(20));
      } else if (!status.ok()) {
        EXPECT_THAT(status, testing::AnyOf(StatusIs(absl::StatusCode::kUnavailable),
                                           StatusIs(absl::StatusCode::kDataLoss)));
      }
    }
  }

  // What is found must be what may be. False: it is not, or the store refused to open, as it may
  // where garbage was left.
  bool Reopen(bool may_refuse) {
    const auto store = Open();
    if (may_refuse && absl::IsDataLoss(store.status())) return false;
    EXPECT_OK(store);
    if (!store.ok()) return false;
    const absl::StatusOr<Contents> found = ReadContents(**store, script_.names());
    EXPECT_OK(found);
    if (!found.ok()) return false;
    const std::string difference = script_.Settle(*found);
    EXPECT_EQ(difference, "");
    return difference.empty();
  }

 private:
  absl::StatusOr<std::unique_ptr<RocksDbStore>> Open() {
    return RocksDbStore::Open("/disk/store", SmallStore(*env_));
  }

  const std::shared_ptr<FaultyDisk> disk_;
  const std::unique_ptr<rocksdb::Env> env_;
  Script script_;
};

class PowerTest : public ::testing::Test {
 protected:
  void Rounds(uint64_t rounds, const std::function<void(std::mt19937_64&, History&)>& live) {
    AtOnce(rounds, [&](uint64_t round) {
      SCOPED_TRACE(absl::StrCat("CONSENT_SEED=", seed_, " round ", round));
      std::mt19937_64 chance(seed_ + round);
      History history(seed_ + round);
      live(chance, history);
      acknowledged_ += history.script().acknowledged();
    });
    std::printf("%llu acknowledged writes, ", static_cast<unsigned long long>(acknowledged_));
  }

  const uint64_t seed_ = Seed();
  std::atomic<uint64_t> acknowledged_ = 0;
};

TEST_F(PowerTest, WhatWasAcknowledgedOutlivesEveryLossOfPowerAndNothingElseAppears) {
  std::atomic<uint64_t> cuts = 0, refused = 0;
  Rounds(Repeats(25, 5000), [&](std::mt19937_64& chance, History& history) {
    for (int life = 0; life < kLives; ++life) {
      history.disk().CutPowerAfter(chance() % (life == 0 ? 400 : 1200));
      history.Work(chance() % kStepsMax);
      const bool garbage = chance() % 8 == 0;
      history.disk().LosePower(chance(), {.unsynced = chance() % 4 != 0, .garbage = garbage});
      ++cuts;
      if (!history.Reopen(garbage)) {
        ++refused;
        return;
      }
    }
  });
  std::printf("%llu power cuts, %llu refused to open over garbage\n",
              static_cast<unsigned long long>(cuts), static_cast<unsigned long long>(refused));
  EXPECT_GT(acknowledged_, 100u);
}

TEST_F(PowerTest, WhateverFailsAtRandomWhatWasAcknowledgedIsThere) {
  std::atomic<uint64_t> struck = 0;
  Rounds(Repeats(25, 5000), [&](std::mt19937_64& chance, History& history) {
    for (int life = 0; life < kLives; ++life) {
      DiskFault fault{
          .skip = chance() % 60, .full = chance() % 2 == 0, .partly = chance() % 2 == 0};
      if (chance() % 4 != 0) fault.op = store::kDiskOps[chance() % std::size(store::kDiskOps)];
      if (fault.op == DiskOp::kDelete) fault.full = false;  // A purge would wait for a minute.
      fault.lasting = chance() % 4 == 0;
      history.disk().Break(fault);
      history.Work(chance() % kStepsMax);
      if (history.disk().struck().has_value()) ++struck;
      // The process ends; in half of the lives the machine does too.
      if (chance() % 2 == 0) {
        history.disk().LosePower(chance(), {});
      } else {
        history.disk().Mend();
      }
      if (!history.Reopen(/*may_refuse=*/false)) return;
    }
  });
  std::printf("%llu faults struck\n", static_cast<unsigned long long>(struck));
  EXPECT_GT(struck, 20u);
}

}  // namespace
}  // namespace consent::disk
