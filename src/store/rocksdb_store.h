// SPDX-License-Identifier: Apache-2.0
//
// RocksDbStore: the engine for one machine and one process; a directory, no other service.
//
// On disk: seven column families. `default` holds facts, heads and marks; `entries` and `openings`
// hold one row a commit under shard (16 bits) and first position (64 bits), both big-endian, as
// bundle_row.h writes them; `secrets`, `records` and `contacts` hold a row a key, under shard and
// key; `tiles` a row of hashes under shard, level and index. Exact bytes: docs/formats/store.md.
//
// Durability: a commit is one WriteBatch, written to the log (WAL) and synced before it becomes
// readable; nothing this class returns can be undone by a crash, except rows written behind. On
// open, a torn last record of the log is dropped: its commit never returned OK. Damage anywhere
// else refuses to open with DataLoss: data that were acknowledged are never dropped silently.
//
// Failure: after the first sync that fails, whatever the reason, or any other write that fails for
// another reason than want of room, the store is closed for good: Commit, all that writes, and
// ReadHead return Unavailable, and nothing more reaches the disk. What the failed commit has left
// in the log is known only once the directory is opened again, so end the process (on_failure).
//
// A full disk: writes are refused with ResourceExhausted, reason STORE_FULL, and nothing is
// written; reads go on. Once there is room the next write succeeds. The commit during which a disk
// became full after all returns Unavailable, as its outcome is unknown to the caller.
//
// Erasure: a deleted row stays in RocksDB's files until they are written anew. PurgeErased does
// that: it moves the log's rows into tables, rewrites the tables of secrets, records and contacts,
// and begins a new catalogue of files, for the catalogue names keys. What the file system or the
// disk itself keeps of deleted files is beyond it.
//
// Threads: as Store. Commits on one shard take turns; write-behind holds up those that erase alone.

#ifndef CONSENT_STORE_ROCKSDB_STORE_H_
#define CONSENT_STORE_ROCKSDB_STORE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/store/store.h"

namespace rocksdb {
class BackupEngine;
class Env;
}  // namespace rocksdb

namespace consent::store {

// The layout that this code reads and writes; stored in every store, checked on open.
inline constexpr std::string_view kFormatVersion = "5";
// The one before, whose records have another form. Open brings such a store up to date.
inline constexpr std::string_view kFormatBefore = "4";

struct RocksDbOptions {
  // Blocks, indexes and filters held in memory.
  size_t cache_bytes = size_t{256} << 20;
  // Commits are refused (STORE_FULL) while the disk has less free space than this, so that a disk
  // that fills up is met before a record is written and not in the middle of one. All other writes
  // are refused below half of it.
  uint64_t reserve_bytes = uint64_t{64} << 20;
  // How long it may last, after the disk was full, to write to tables what lies in memory; longer
  // is a failure.
  absl::Duration take_up_within = absl::Minutes(2);
  // Told once when the store fails, on the thread that met it: see Failure below. Must not call
  // the store.
  std::function<void(const absl::Status&)> on_failure = {};
  // Rows that wait in memory to be written to tables, for each family; 0: as much as suits it. A
  // small value makes tables, and their compactions, come early.
  size_t write_buffer_bytes = 0;
  // Where files live; nullptr is the machine's file system. Must outlive the store. For tests.
  rocksdb::Env* env = nullptr;
};

class RocksDbStore final : public Store {
 public:
  // Opens or creates the store in `dir`; the folder above it must exist. Errors:
  //   FailedPrecondition  another process has it open; or it is of another format version, or
  //                       not a store at all: the message says what was expected and found.
  //   DataLoss            the log or the catalogue of files is damaged.
  static absl::StatusOr<std::unique_ptr<RocksDbStore>> Open(const std::string& dir,
                                                            const RocksDbOptions& options = {});

  // Opens an existing store to read it, for tools on a machine where no server runs; writes nothing
  // whatever to `dir`. Holds the store's lock where there is one, so a server started meanwhile
  // refuses to open. Commit and all else that writes return FailedPrecondition. NotFound when
  // there is no store in `dir`; otherwise as Open.
  static absl::StatusOr<std::unique_ptr<RocksDbStore>> OpenReadOnly(
      const std::string& dir, const RocksDbOptions& options = {});

  // Closes the files. Rows written behind go to the operating system, unsynced.
  ~RocksDbStore() override;
  RocksDbStore(const RocksDbStore&) = delete;
  RocksDbStore& operator=(const RocksDbStore&) = delete;

  // --- Store.

  absl::StatusOr<Head> ReadHead(ShardId shard) override;
  absl::Status CheckRoom() override;
  absl::Status Commit(ShardId shard, const CommitRequest& request) override;
  absl::StatusOr<std::vector<Bundle>> ReadBundles(ShardId shard, LeafIndex from,
                                                  size_t entries_max) override;
  absl::StatusOr<std::optional<std::string>> ReadSecret(ShardId shard,
                                                        const Handle& handle) override;
  absl::StatusOr<std::optional<std::string>> ReadRecord(ShardId shard,
                                                        const ConsumerId& consumer) override;
  absl::StatusOr<std::optional<ConsumerId>> ReadContact(ShardId shard,
                                                        const ContactId& contact) override;
  absl::StatusOr<bool> HasContacts(ShardId shard, uint8_t first_byte) override;
  absl::Status WriteBehind(ShardId shard, const DerivedRows& rows) override;
  absl::StatusOr<TreeSize> ReadApplied(ShardId shard) override;
  absl::StatusOr<TreeSize> ReadErased(ShardId shard) override;
  absl::Status WriteTiles(ShardId shard, const TileRows& rows) override;
  absl::StatusOr<TreeSize> ReadTiled(ShardId shard) override;
  absl::StatusOr<std::optional<std::string>> ReadTile(ShardId shard, int level,
                                                      uint64_t index) override;
  // Waits for at most a minute until readers have let go of old files.
  absl::Status PurgeErased() override;
  // `visit` sees the rows as they were when the call began, and may call this store.
  absl::Status ForEachRecord(
      ShardId shard, const ConsumerId& from,
      const std::function<bool(const ConsumerId&, std::string_view record)>& visit) override;
  absl::Status ForEachContact(
      ShardId shard,
      const std::function<bool(const ContactId&, const ConsumerId&)>& visit) override;
  absl::Status ForEachSecret(
      ShardId shard,
      const std::function<bool(const Handle&, std::string_view value)>& visit) override;
  absl::Status ReplaceSecrets(ShardId shard, const std::vector<SecretRow>& rows) override;
  absl::StatusOr<std::optional<std::string>> ReadFact(std::string_view name) override;
  absl::Status WriteFact(std::string_view name, std::string_view value) override;
  // `syncs` counts fsync calls on the log that a commit or a fact asked for.
  Statistics statistics() const override;

 private:
  friend class BackupFolder;
  struct Engine;  // All that needs RocksDB's headers, so that no includer needs them.

  explicit RocksDbStore(std::unique_ptr<Engine> engine);

  // Has `engine` copy all files, and says under which number (rocksdb_copy.cc).
  absl::Status CopyTo(rocksdb::BackupEngine& engine, uint32_t& id);

  const std::unique_ptr<Engine> engine_;
};

}  // namespace consent::store

#endif  // CONSENT_STORE_ROCKSDB_STORE_H_
