// SPDX-License-Identifier: Apache-2.0
//
// Journal: the writing end of one shard's append-only log.
//
// Entries are staged, then committed together: one conditional, synced commit of entries,
// openings, secrets, erasures and head. Nothing staged is true before `Commit` returned OK. After
// any other return the journal must be thrown away and loaded again.
//
// Threads: belongs to the shard's committer; not safe for others.

#ifndef CONSENT_JOURNAL_JOURNAL_H_
#define CONSENT_JOURNAL_JOURNAL_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/journal/entry.h"
#include "src/merkle/compact_tree.h"
#include "src/store/store.h"

namespace consent::journal {

// What a store keeps as the head's state: the time of the last entry and the tree's right edge.
struct HeadState {
  static constexpr uint8_t kVersion = 1;

  Instant last_at;
  merkle::CompactTree tree;

  template <class A>
  void Fields(A& a) {
    uint8_t version = kVersion;
    a(version);
    if constexpr (A::kReading) {
      if (version != kVersion) a.Fail();
    }
    a(last_at), a(tree);
  }
};

// The state of `head`; the empty tree when the journal was never written. DataLoss when it cannot
// be read or its size is not the head's.
absl::StatusOr<HeadState> ParseHead(const store::Head& head);

class Journal {
 public:
  static absl::StatusOr<Journal> Load(store::Store& store, ShardId shard);

  // The position that the next staged entry gets.
  LeafIndex next() const { return {head_.tree.size().value}; }
  // The size without what is staged: this much is durable.
  TreeSize durable_size() const { return {next().value - bundle_.entries.size()}; }
  // The time of the last entry, staged ones included. No later entry may be earlier.
  Instant last_at() const { return head_.last_at; }
  // The root over all entries, staged ones included.
  Digest Root() const { return head_.tree.Root(); }

  // Adds an entry (its position must be `next()`, its time not before `last_at()`) and its
  // opening to the group.
  void Stage(const Entry& entry, std::string opening);
  // Adds a row that becomes durable with the group.
  void StageSecret(store::SecretRow row) { secrets_.push_back(std::move(row)); }
  // Adds rows that cease to be with the group; secrets staged in it among them.
  void StageErasure(const store::Erasure& erasure);
  size_t staged() const { return bundle_.entries.size(); }

  // Makes what is staged durable. With nothing staged: does nothing.
  absl::Status Commit();

 private:
  Journal(store::Store& store, ShardId shard, HeadState head)
      : store_(&store), shard_(shard), head_(std::move(head)) {}

  store::Store* store_;
  ShardId shard_;
  HeadState head_;
  store::Bundle bundle_;
  std::vector<store::SecretRow> secrets_;
  store::Erasure erasure_;
};

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_JOURNAL_H_
