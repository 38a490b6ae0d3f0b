// SPDX-License-Identifier: Apache-2.0
//
// How a RocksDbStore meets a full disk, and leaves it behind.
//
// Before each write the free space is compared with a reserve, so that a disk that fills up is met
// here, where nothing has been written yet, and not in the middle of a record. What remains (a
// table larger than the reserve, another process that is faster) RocksDB meets. It then stops, and
// what its log ends with is not known: maybe the beginning of a record. TakeUp never writes behind
// that. It has all that lies in memory, which is all that was acknowledged, written to tables; then
// the log is of no use any more, and a new one begins. RocksDB begins none where nothing lies in
// memory; so something always does, a row that no log holds (StaySwitchable).

#include <chrono>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "rocksdb/convenience.h"
#include "rocksdb/file_system.h"
#include "src/base/status_macros.h"
#include "src/store/rocksdb_engine.h"

namespace consent::store {
namespace {

// Between two attempts of which the first failed.
constexpr absl::Duration kBetweenAttempts = absl::Seconds(1);
// A write that finds room waits so long for being let in; then it is refused once more.
constexpr absl::Duration kAtOnce = absl::Milliseconds(200);

// Whether the next attempt may go better.
bool MayPass(const rocksdb::Status& status) {
  return IsLetGo(status) ||
         (status.IsNoSpace() && status.severity() <= rocksdb::Status::Severity::kHardError);
}

}  // namespace

absl::Status RocksDbStore::Engine::CheckRoom(Use use, uint64_t more_bytes) {
  RETURN_IF_ERROR(CheckWritable());
  uint64_t free = 0;
  const rocksdb::Status asked = env->GetFreeSpace(dir, &free);
  // A file system that does not tell is asked by writing.
  const bool known = asked.ok();
  const bool full = health->full();
  uint64_t wanted = (use == Use::kCommit ? reserve_bytes : reserve_bytes / 2) + more_bytes;
  if (full) {
    uint64_t in_memory = 0;
    db->GetAggregatedIntProperty(rocksdb::DB::Properties::kSizeAllMemTables, &in_memory);
    wanted += in_memory;
  }
  if (known && free < wanted) {
    return StoreFull(dir, absl::StrCat(free >> 20, " MiB are free, ",
                                       (wanted + (1 << 20) - 1) >> 20, " MiB are wanted"));
  }
  return full ? TakeUp() : absl::OkStatus();
}

rocksdb::Status RocksDbStore::Engine::StaySwitchable() {
  rocksdb::WriteOptions memory;
  memory.disableWAL = true;
  return db->Put(memory, families[kFacts], rocksdb::Slice(kMarkKey.data(), kMarkKey.size()), {});
}

bool RocksDbStore::Engine::NothingInMemory() {
  for (rocksdb::ColumnFamilyHandle* const family : families) {
    uint64_t rows = 0, waiting = 0;
    db->GetIntProperty(family, rocksdb::DB::Properties::kNumEntriesActiveMemTable, &rows);
    db->GetIntProperty(family, rocksdb::DB::Properties::kNumImmutableMemTable, &waiting);
    if (rows + waiting > 0) return false;
  }
  return true;
}

absl::Status RocksDbStore::Engine::TakeUp() {
  std::unique_lock<std::mutex> lock(taking_up_);
  const absl::Time now = absl::Now();
  if (!under_way_ && health->full() && now >= again_at_) {
    if (resuming_.joinable()) resuming_.join();
    under_way_ = true;
    began_at_ = now;
    resuming_ = std::thread([this] { Resume(); });
  }
  took_up_.wait_for(lock, absl::ToChronoNanoseconds(kAtOnce), [this] { return !under_way_; });
  if (under_way_ && absl::Now() - began_at_ > take_up_within_) {
    health->Fail("writing could not be taken up in time after the disk was full");
  }
  return health->Check();
}

void RocksDbStore::Engine::Resume() {
  const uint64_t seen = health->fills();
  rocksdb::Status status;
  if (health->log_torn() && NothingInMemory()) {
    // There is nothing that RocksDB could write to tables, so it would begin no new log.
    health->Fail("the disk became full within the first record of a log");
  } else {
    status = db->Resume();
    if (status.ok()) {
      health->SetLogTorn(false);
      status = StaySwitchable();
    }
    if (status.ok()) {
      // The new log must take a record before others trust it with theirs.
      rocksdb::WriteOptions sync;
      sync.sync = true;
      status = db->Put(sync, std::string(kMarkKey), rocksdb::Slice());
    }
  }
  if (status.ok()) {
    health->Recover(seen);
  } else if (!MayPass(status)) {
    health->Fail(
        absl::StrCat("writing could not be taken up after the disk was full: ", status.ToString()));
  }
  const std::lock_guard lock(taking_up_);
  again_at_ = health->full() ? absl::Now() + kBetweenAttempts : absl::InfinitePast();
  under_way_ = false;
  took_up_.notify_all();
}

void RocksDbStore::Engine::StopTakingUp() {
  if (!resuming_.joinable()) return;
  rocksdb::CancelAllBackgroundWork(db.get(), /*wait=*/false);
  resuming_.join();
}

}  // namespace consent::store
