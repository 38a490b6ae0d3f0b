// SPDX-License-Identifier: Apache-2.0
//
// The inside of RocksDbStore: the open database, and the state of each shard. Included by this
// engine's own .cc files only.

#ifndef CONSENT_STORE_ROCKSDB_ENGINE_H_
#define CONSENT_STORE_ROCKSDB_ENGINE_H_

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/listener.h"
#include "rocksdb/write_batch.h"
#include "src/base/histogram.h"
#include "src/store/health.h"
#include "src/store/rocksdb_options.h"
#include "src/store/rocksdb_store.h"

namespace consent::store {

inline constexpr std::string_view kFormatKey = "v";
// A row without a value, written only so that something is.
inline constexpr std::string_view kMarkKey = "p";

// Keys in the family kFacts. First letters keep the kinds apart.
std::string FactKey(std::string_view name);
std::string HeadKey(ShardId shard);
std::string AppliedKey(ShardId shard);
std::string ErasedKey(ShardId shard);
std::string TiledKey(ShardId shard);

// RocksDB's status as ours: `doing` names what failed. Its texts name files and offsets, never
// what rows hold.
absl::Status FromRocksDb(const rocksdb::Status& status, std::string_view doing);
// Whether a writer who had to wait until RocksDB had written tables was let go because one could
// not be written: nothing of what the writer brought was written. Why, OnBackgroundError has been
// told.
bool IsLetGo(const rocksdb::Status& status);

// Tells a store's health what RocksDB's own threads meet. RocksDB itself never takes up writing
// again: that is for Engine::TakeUp to do.
class BackgroundErrors final : public rocksdb::EventListener {
 public:
  explicit BackgroundErrors(std::shared_ptr<Health> health) : health_(std::move(health)) {}

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error,
                            bool* auto_recovery) override;

 private:
  const std::shared_ptr<Health> health_;
};

struct RocksDbStore::Engine {
  // One shard's turns. Several locks, so that rows written behind do not hold up commits. Taken in
  // this order.
  struct Shard {
    std::mutex commit;
    std::optional<TreeSize> size;  // Guarded by commit; nullopt: read the head.
    // Held while `applied` is compared and rows are written, and by commits that erase: what such a
    // commit deletes, no row that was checked before it may bring back.
    std::mutex behind;
    std::mutex tiling;  // Held while `tiled` is compared and written.
  };
  enum class Sync { kYes, kNo };
  // What is written: a commit, which the whole reserve of free space is kept from; or what follows
  // from commits and promises them, for which half of it is enough.
  enum class Use { kCommit, kRest };

  Engine(std::string dir, bool read_only, const RocksDbOptions& options)
      : dir(std::move(dir)),
        read_only(read_only),
        reserve_bytes(options.reserve_bytes),
        health(std::make_shared<Health>(this->dir, options.on_failure)),
        background(std::make_shared<BackgroundErrors>(health)),
        take_up_within_(options.take_up_within) {}
  ~Engine();

  Shard& shard(ShardId id);
  // FailedPrecondition when read-only, Unavailable when closed by a failure.
  absl::Status CheckWritable() const;
  // The only way to write. StoreFull: nothing was written. A failure closes the store, or, where
  // there was no room, makes it full; what is written then is not known to be durable.
  absl::Status Write(rocksdb::WriteBatch& batch, Sync sync, Use use);
  // Leaves a row in memory, and touches no file: TakeUp needs one.
  rocksdb::Status StaySwitchable();
  // Before the database is closed.
  void StopTakingUp();
  // StoreFull unless the disk has the room that `use` wants, and `more_bytes` beyond. Where it has
  // been full and has room again, takes up writing.
  absl::Status CheckRoom(Use use, uint64_t more_bytes = 0);
  absl::StatusOr<std::optional<std::string>> Get(Family family, std::string_view key);
  absl::StatusOr<Head> ReadHead(ShardId shard);
  // A size kept under `key` in kFacts; 0 when there is none. `mark` names it in errors.
  absl::StatusOr<TreeSize> ReadMark(ShardId shard, const std::string& key, std::string_view mark);

  // The steps of PurgeErased (rocksdb_purge.cc).
  // Files of the store's folder whose names contain `part`.
  absl::StatusOr<std::set<std::string>> FilesNamed(std::string_view part) const;
  // Writes what lies in memory of these families, kFacts among them, into tables: log and catalogue
  // begin anew.
  absl::Status Flush(const std::vector<rocksdb::ColumnFamilyHandle*>& which);
  // Writes all tables anew that erased rows can be in. `old`: the files that are of no more use.
  absl::Status RewriteErasable(std::set<std::string>& old);
  // The bytes of all logs.
  absl::StatusOr<uint64_t> LogBytes() const;
  // Waits until none of `files` is there; Unavailable when that takes too long.
  absl::Status AwaitRemoved(const std::set<std::string>& files);

  const std::string dir;
  const bool read_only;
  const uint64_t reserve_bytes;
  const std::shared_ptr<Health> health;
  const std::shared_ptr<BackgroundErrors> background;
  std::unique_ptr<rocksdb::Env> strict;  // What RocksDB writes through.
  std::shared_ptr<rocksdb::Statistics> statistics;
  rocksdb::Env* env = nullptr;
  rocksdb::FileLock* lock = nullptr;  // Held by read-only stores; RocksDB itself holds the other.
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};
  std::unique_ptr<rocksdb::DB> db;
  std::atomic<uint64_t> commits = 0;
  std::atomic<uint64_t> purges = 0;
  Histogram log_syncs{kNanosBounds};

 private:
  bool NothingInMemory();
  // After the disk was full: has RocksDB write what lies in memory to tables and begin a new log,
  // so that nothing of a write that failed half-way is ever read again. Only then are other writes
  // let in. Whatever fails in this but for want of room closes the store; so does that it takes too
  // long, for RocksDB 7.8 can wait for a flush that nobody begins.
  absl::Status TakeUp();
  void Resume();  // On a thread of its own.

  const absl::Duration take_up_within_;
  std::mutex taking_up_;  // Guards the five below.
  std::condition_variable took_up_;
  std::thread resuming_;
  bool under_way_ = false;
  absl::Time began_at_ = absl::InfinitePast();
  absl::Time again_at_ = absl::InfinitePast();
  std::mutex mutex_;
  std::map<ShardId, Shard> shards_;  // Guarded by mutex_; its values stay where they are.
};

}  // namespace consent::store

#endif  // CONSENT_STORE_ROCKSDB_ENGINE_H_
