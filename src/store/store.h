// SPDX-License-Identifier: Apache-2.0
//
// Store: where shards keep their journals, and what is derived from them.
//
// The truth of a shard is its head, its entry bundles, its openings and its secrets. They are
// written by `Commit` alone: conditional on the journal's size, atomic, and durable on return.
// Records, the contact index and the mark `applied` are derived; `WriteBehind` writes them
// atomically but not durably, and losing them loses nothing: a start replays the journal from
// `applied`.
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

struct CommitRequest {
  Bundle bundle;                   // bundle.first is the size the commit is conditional on.
  std::string head_state;          // The new head's; its size is first + entries.
  std::vector<SecretRow> secrets;  // New rows; empty for most commits.
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
  std::vector<RecordRow> records;
  std::vector<ContactRow> contacts;
  // Every event of entries below this size is in the records written so far.
  TreeSize applied;
};

// Counters since the store was opened; for tests and reports.
struct Statistics {
  uint64_t commits = 0;  // Successful commits.
  uint64_t syncs = 0;    // fsync or fdatasync calls on the log; 0 for a store in memory.
};

class Store {
 public:
  virtual ~Store() = default;

  virtual absl::StatusOr<Head> ReadHead(ShardId shard) = 0;

  // Appends, if the journal still has size `request.bundle.first`. On OK all of it is durable.
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
  // Atomic, not durable by itself. `applied` never goes back.
  virtual absl::Status WriteBehind(ShardId shard, const DerivedRows& rows) = 0;
  virtual absl::StatusOr<TreeSize> ReadApplied(ShardId shard) = 0;

  // Calls `visit` for each row in key order, until it returns false.
  virtual absl::Status ForEachRecord(
      ShardId shard,
      const std::function<bool(const ConsumerId&, std::string_view record)>& visit) = 0;
  virtual absl::Status ForEachContact(
      ShardId shard, const std::function<bool(const ContactId&, const ConsumerId&)>& visit) = 0;

  // Small facts about the whole ledger (its origin, its format), durable on return.
  virtual absl::StatusOr<std::optional<std::string>> ReadFact(std::string_view name) = 0;
  virtual absl::Status WriteFact(std::string_view name, std::string_view value) = 0;

  virtual Statistics statistics() const = 0;
};

}  // namespace consent::store

#endif  // CONSENT_STORE_STORE_H_
