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
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/crypto/secret.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"
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

// What an entry hides, and under whose secret.
struct Sealing {
  Handle handle;
  crypto::Secret secret;
  int32_t tag_year = 0;    // The entry is found by the key of this year,
  uint64_t tag_count = 0;  // as the one with this number.
  Parts parts;
};

// Does work(0), work(1), ... work(count - 1), each once, in any order and maybe several at a time;
// returns when all is done.
using AtOnce = std::function<void(size_t count, const std::function<void(size_t)>& work)>;
// One after the other, here.
void OneByOne(size_t count, const std::function<void(size_t)>& work);

class Journal {
 public:
  // So many staged entries are handed to AtOnce in one piece.
  static constexpr size_t kPiece = 16;

  static absl::StatusOr<Journal> Load(store::Store& store, ShardId shard);

  // The position that the next staged entry gets.
  LeafIndex next() const { return {head_.tree.size().value + staged_.size()}; }
  // The size without what is staged: this much is durable.
  TreeSize durable_size() const { return head_.tree.size(); }
  // The time of the last entry, staged ones included. No later entry may be earlier.
  Instant last_at() const { return staged_.empty() ? head_.last_at : staged_.back().entry.at; }
  // The root over all entries that are not merely staged.
  Digest Root() const { return head_.tree.Root(); }

  // Adds an entry (its position must be `next()`, its time not before `last_at()`) and its
  // opening to the group.
  void Stage(const Entry& entry, std::string opening);
  // The same for an entry whose tag, commitment and opening Commit is to work out.
  void Stage(const Entry& entry, Sealing sealing);
  // Adds a row that becomes durable with the group.
  void StageSecret(store::SecretRow row) { secrets_.push_back(std::move(row)); }
  // Adds rows that cease to be with the group; secrets staged in it among them.
  void StageErasure(const store::Erasure& erasure);
  size_t staged() const { return staged_.size(); }

  // Makes what is staged durable. With nothing staged: does nothing. Where many are staged they are
  // sealed and hashed by `at_once`. After a failure nothing is staged, and the journal is to be
  // loaded again.
  absl::Status Commit(const AtOnce& at_once = OneByOne);

 private:
  struct Staged {
    Entry entry;
    std::optional<Sealing> sealing;  // None: the entry is whole, and so is its opening.
    std::string opening;
    std::string leaf = {};  // The entry's encoding, and
    Digest hash = {};       // its hash, once it is whole.
  };

  // Works out whatever follows from one entry alone.
  static void Finish(Staged& staged);

  Journal(store::Store& store, ShardId shard, HeadState head)
      : store_(&store), shard_(shard), head_(std::move(head)) {}

  store::Store* store_;
  ShardId shard_;
  HeadState head_;  // Without what is staged.
  std::vector<Staged> staged_;
  std::vector<store::SecretRow> secrets_;
  store::Erasure erasure_;
};

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_JOURNAL_H_
