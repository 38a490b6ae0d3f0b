// SPDX-License-Identifier: Apache-2.0
//
// RocksDbStore::CopyTo: the store's side of a backup.
//
// RocksDB copies its tables, its catalogue, and its logs as far as they are written when it lists
// them. A commit is in the log, synced, before it is acknowledged; so all of those are in the copy,
// with more behind them perhaps, the last one cut short: that reads as a torn last record, which
// was never acknowledged. Long logs are first made tables, for those need not be copied again.

#include <string>

#include "absl/strings/str_cat.h"
#include "rocksdb/utilities/backup_engine.h"
#include "src/base/status_macros.h"
#include "src/store/rocksdb_engine.h"

namespace consent::store {
namespace {

// More of logs than this are made tables first.
constexpr uint64_t kLogBytesCopied = uint64_t{16} << 20;

}  // namespace

absl::StatusOr<uint64_t> RocksDbStore::Engine::LogBytes() const {
  ASSIGN_OR_RETURN(const std::set<std::string> logs, FilesNamed(".log"));
  uint64_t sum = 0;
  for (const std::string& log : logs) {
    uint64_t size = 0;
    // One that has gone meanwhile counts for nothing.
    if (env->GetFileSize(absl::StrCat(dir, "/", log), &size).ok()) sum += size;
  }
  return sum;
}

absl::Status RocksDbStore::CopyTo(rocksdb::BackupEngine& engine, uint32_t& id) {
  RETURN_IF_ERROR(engine_->CheckWritable());
  ASSIGN_OR_RETURN(const uint64_t logs, engine_->LogBytes());
  if (logs > kLogBytesCopied) {
    const absl::Status flushed =
        engine_->Flush({engine_->families.begin(), engine_->families.end()});
    // A store without room is backed up all the more; only its logs are then copied as they are.
    if (!flushed.ok() && !absl::IsResourceExhausted(flushed)) return flushed;
  }
  rocksdb::CreateBackupOptions options;
  options.decrease_background_thread_cpu_priority = true;
  options.background_thread_cpu_priority = rocksdb::CpuPriority::kLow;
  const rocksdb::Status status = engine.CreateNewBackup(options, engine_->db.get(), &id);
  if (status.IsIncomplete()) return absl::AbortedError("the backup was cancelled");
  return FromRocksDb(status, "backup");
}

}  // namespace consent::store
