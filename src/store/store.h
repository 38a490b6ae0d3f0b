// SPDX-License-Identifier: Apache-2.0
//
// Store: where shards keep their journals, and what is derived from them.
//
// The truth of a shard is its head, its entry bundles, its openings and its secrets. They are
// written by `Commit` alone: conditional on the journal's size, atomic, and durable on return
// (`ReplaceSecrets` writes a secret's row in another form, and nothing else).
// Records, the contact index and the mark `applied` are derived; `WriteBehind` writes them
// atomically but not durably, and losing them loses nothing: a start replays the journal from
// `applied`. So are the rows of tiles and the mark `tiled`, which `WriteTiles` writes.
//
// A person is erased by one commit: the entry that says so, and with it the end of their secret,
// record and contact rows. `PurgeErased` then makes the bytes of such rows leave the disk.
//
// The bytes of heads, entries, openings, secrets and records are the caller's; a store keeps them
// as they are. Every engine passes the same conformance suite (conformance.h).
//
// Threads: all methods may be called from any thread. One shard has one committer at a time in a
// process; two committers on one shard are told apart by the condition on the size.

#ifndef CONSENT_STORE_STORE_H_
#define CONSENT_STORE_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/histogram.h"
#include "src/base/ids.h"

namespace consent::store {

// The end of a shard's journal. A shard never written has size 0 and empty state.
struct Head {
  TreeSize size;
  std::string state;  // The journal's: time of the last entry and the tree's right edge.

  friend bool operator==(const Head&, const Head&) = default;
};

// The entries and openings of one commit; entries[i] is the leaf first + i, openings[i] is its
// opening. Both have the same length, at least 1.
struct Bundle {
  LeafIndex first;
  std::vector<std::string> entries;
  std::vector<std::string> openings;

  friend bool operator==(const Bundle&, const Bundle&) = default;
};

// A row that only its handle finds: whose opening it is, and the secret that unseals it.
struct SecretRow {
  Handle handle;
  std::string value;
};

// Rows that a commit deletes. Those that are not there are no error.
struct Erasure {
  std::vector<Handle> secrets;
  std::vector<ConsumerId> records;
  std::vector<ContactId> contacts;

  bool empty() const { return secrets.empty() && records.empty() && contacts.empty(); }
  size_t size() const { return secrets.size() + records.size() + contacts.size(); }
};

struct CommitRequest {
  Bundle bundle;                   // bundle.first is the size the commit is conditional on.
  std::string head_state;          // The new head's; its size is first + entries.
  std::vector<SecretRow> secrets;  // New rows; empty for most commits.
  Erasure erase{};                 // None of them among `secrets`; empty for most commits.
};

struct RecordRow {
  ConsumerId consumer;
  std::string record;
};

struct ContactRow {
  ContactId contact;
  ConsumerId consumer;
};

struct DerivedRows {
  std::vector<RecordRow> records;  // Each replaces the row of its consumer.
  std::vector<ContactRow> contacts;
  // Every event of entries below this size is in the records written so far.
  TreeSize applied;
  // The writer knows who has been erased by entries below this size, and writes none of them. Where
  // an erasure has been committed since, the rows are refused whole: they may tell of the erased.
  TreeSize seen{};
  // Rows of contacts that nobody goes by any more, deleted before those above are written.
  std::vector<ContactId> contacts_gone{};
  // Bytes that are appended to the rows of these consumers, none of whom is among `records`. Where
  // there is no such row, they are all of it.
  std::vector<RecordRow> appended{};
};

// One row of a tree's hashes: number `index` of those of up to 256 hashes on `level`, as tlog-tiles
// counts them.
struct TileRow {
  static constexpr size_t kHashBytes = 32;
  static constexpr size_t kHashesMax = 256;
  static constexpr int kLevelMax = 63;

  int level = 0;  // 0: hashes of entries.
  uint64_t index = 0;
  std::string hashes;  // 1 to kHashesMax of them, one after the other.

  friend bool operator==(const TileRow&, const TileRow&) = default;
};

struct TileRows {
  std::vector<TileRow> rows;  // Each replaces the row of its level and index.
  // All hashes of the tree of this size are in the rows written so far.
  TreeSize tiled;
};

// Counters since the store was opened, and its state; for tests and reports. Of a store in memory
// only the first and the third tell something.
struct Statistics {
  uint64_t commits = 0;                 // Successful commits.
  uint64_t syncs = 0;                   // fsync or fdatasync calls on the log.
  uint64_t purges = 0;                  // PurgeErased that returned OK.
  HistogramTotals log_sync_nanos = {};  // How long these calls took.
  uint64_t stalled_micros = 0;          // For how long writers were held up by files to be merged.
  uint64_t bytes = 0;                   // What the store's files take on disk.
  uint64_t free_bytes = 0;              // What the disk has left.
  bool full = false;                    // Writes are refused for want of room.
};

class Store {
 public:
  virtual ~Store() = default;

  virtual absl::StatusOr<Head> ReadHead(ShardId shard) = 0;

  // Whether there is room for a commit. ResourceExhausted (STORE_FULL): a commit would be refused,
  // and write nothing; reads go on. Cheap enough to be asked before each.
  virtual absl::Status CheckRoom() = 0;

  // Appends and erases, if the journal still has size `request.bundle.first`. On OK all of it is
  // durable: after a crash the entries are there and the erased rows are not, or neither.
  // Aborted: the size has moved and nothing was written. Any other error: the outcome is unknown;
  // read the head again before believing anything.
  virtual absl::Status Commit(ShardId shard, const CommitRequest& request) = 0;

  // Bundles in order, starting with the one that holds the entry `from`, until at least
  // `entries_max` entries are returned or the journal ends. Empty when `from` is at or past the
  // end. DataLoss when a bundle is missing or unreadable.
  virtual absl::StatusOr<std::vector<Bundle>> ReadBundles(ShardId shard, LeafIndex from,
                                                          size_t entries_max) = 0;

  virtual absl::StatusOr<std::optional<std::string>> ReadSecret(ShardId shard,
                                                                const Handle& handle) = 0;

  virtual absl::StatusOr<std::optional<std::string>> ReadRecord(ShardId shard,
                                                                const ConsumerId& consumer) = 0;
  virtual absl::StatusOr<std::optional<ConsumerId>> ReadContact(ShardId shard,
                                                                const ContactId& contact) = 0;
  // Whether there is a contact's row whose id begins with this byte.
  virtual absl::StatusOr<bool> HasContacts(ShardId shard, uint8_t first_byte) = 0;
  // Atomic, not durable by itself. FailedPrecondition, and nothing written, when `applied` would go
  // back or pass the journal's size, or when a commit from `seen` on has erased something: then the
  // writer must first drop the erased from its memory. A commit that erases, and rows written
  // behind at the same time, take turns: no row comes back.
  virtual absl::Status WriteBehind(ShardId shard, const DerivedRows& rows) = 0;
  virtual absl::StatusOr<TreeSize> ReadApplied(ShardId shard) = 0;

  // The journal's size after the last commit that erased something; 0: none has.
  virtual absl::StatusOr<TreeSize> ReadErased(ShardId shard) = 0;

  // Atomic, not durable by itself. FailedPrecondition when `tiled` would go back or pass the
  // journal's size; InvalidArgument for rows that are no rows of hashes. Nothing is written then.
  virtual absl::Status WriteTiles(ShardId shard, const TileRows& rows) = 0;
  virtual absl::StatusOr<TreeSize> ReadTiled(ShardId shard) = 0;
  // The row's hashes, maybe more than the reader's tree has: a smaller tile is their beginning.
  // DataLoss when the row is damaged: such bytes are never returned.
  virtual absl::StatusOr<std::optional<std::string>> ReadTile(ShardId shard, int level,
                                                              uint64_t index) = 0;

  // Makes what commits have erased before this call, in all shards, leave the files for good, and
  // the deleted keys with it: on OK no file of the store holds them. Takes as long as writing all
  // secrets, records and contacts anew; everything else goes on meanwhile. Unavailable when old
  // files could not be removed (a reader still uses them): call again later. Nothing is lost by a
  // crash in between, but the bytes stay until it is called again: call it after each start that
  // follows an erasure. One call at a time; it must have returned before the store is destroyed.
  virtual absl::Status PurgeErased() = 0;

  // Calls `visit` for each row in key order, until it returns false; of records, from `from` on.
  virtual absl::Status ForEachRecord(
      ShardId shard, const ConsumerId& from,
      const std::function<bool(const ConsumerId&, std::string_view record)>& visit) = 0;
  virtual absl::Status ForEachContact(
      ShardId shard, const std::function<bool(const ContactId&, const ConsumerId&)>& visit) = 0;
  virtual absl::Status ForEachSecret(
      ShardId shard, const std::function<bool(const Handle&, std::string_view value)>& visit) = 0;

  // Gives these rows of secrets other values, durably and all at once. A row that is not there any
  // more is passed over: erasing commits take turns with this, and no row comes back.
  virtual absl::Status ReplaceSecrets(ShardId shard, const std::vector<SecretRow>& rows) = 0;

  // Small facts about the whole ledger (its origin, its format), durable on return.
  virtual absl::StatusOr<std::optional<std::string>> ReadFact(std::string_view name) = 0;
  virtual absl::Status WriteFact(std::string_view name, std::string_view value) = 0;

  // Looks at files: not for every commit.
  virtual Statistics statistics() const = 0;
};

}  // namespace consent::store

#endif  // CONSENT_STORE_STORE_H_
