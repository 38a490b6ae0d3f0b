// SPDX-License-Identifier: Apache-2.0
//
// The inside of RocksDbStore: the open database, and the state of each shard. Included by this
// engine's own .cc files only.

#ifndef CONSENT_STORE_ROCKSDB_ENGINE_H_
#define CONSENT_STORE_ROCKSDB_ENGINE_H_

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "rocksdb/listener.h"
#include "rocksdb/write_batch.h"
#include "src/store/rocksdb_options.h"
#include "src/store/rocksdb_store.h"

namespace consent::store {

// The layout this code reads and writes; stored in every store, checked on open.
inline constexpr std::string_view kFormatVersion = "2";
inline constexpr std::string_view kFormatKey = "v";
// A row without a value, written only so that something is.
inline constexpr std::string_view kPurgeKey = "p";

// Keys in the family kFacts. First letters keep the kinds apart.
std::string FactKey(std::string_view name);
std::string HeadKey(ShardId shard);
std::string AppliedKey(ShardId shard);
std::string ErasedKey(ShardId shard);
std::string TiledKey(ShardId shard);

// RocksDB's status as ours: `doing` names what failed. Its texts name files and offsets, never
// what rows hold.
absl::Status FromRocksDb(const rocksdb::Status& status, std::string_view doing);

// Remembers the first failed write, for good. Thread-safe.
class FailureLatch final : public rocksdb::EventListener {
 public:
  explicit FailureLatch(std::string dir) : dir_(std::move(dir)) {}

  void Close(std::string_view reason);
  // Unavailable, with the first reason, once closed.
  absl::Status Check() const;

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;

 private:
  const std::string dir_;
  std::atomic<bool> closed_ = false;
  mutable std::mutex mutex_;
  std::string reason_;  // Guarded by mutex_.
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

  Engine(std::string dir, bool read_only)
      : dir(std::move(dir)),
        read_only(read_only),
        latch(std::make_shared<FailureLatch>(this->dir)) {}
  ~Engine();

  Shard& shard(ShardId id);
  // FailedPrecondition when read-only, Unavailable when closed by a failure.
  absl::Status CheckWritable() const;
  // The only way to write. A failure closes the store.
  absl::Status Write(rocksdb::WriteBatch& batch, Sync sync);
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
  // Waits until none of `files` is there; Unavailable when that takes too long.
  absl::Status AwaitRemoved(const std::set<std::string>& files);

  const std::string dir;
  const bool read_only;
  const std::shared_ptr<FailureLatch> latch;
  std::shared_ptr<rocksdb::Statistics> statistics;
  rocksdb::Env* env = nullptr;
  rocksdb::FileLock* lock = nullptr;  // Held by read-only stores; RocksDB itself holds the other.
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};
  std::unique_ptr<rocksdb::DB> db;
  std::atomic<uint64_t> commits = 0;
  std::atomic<uint64_t> purges = 0;

 private:
  std::mutex mutex_;
  std::map<ShardId, Shard> shards_;  // Guarded by mutex_; its values stay where they are.
};

}  // namespace consent::store

#endif  // CONSENT_STORE_ROCKSDB_ENGINE_H_
