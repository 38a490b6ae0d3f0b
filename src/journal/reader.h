// SPDX-License-Identifier: Apache-2.0
//
// Reading a journal back: entries in order, each opened and checked, as events.

#ifndef CONSENT_JOURNAL_READER_H_
#define CONSENT_JOURNAL_READER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/consent/event.h"
#include "src/journal/entry.h"
#include "src/journal/secret_value.h"
#include "src/store/store.h"

namespace consent::journal {

// The name of the fact in which a store whose journal was cut short, to be looked at, keeps the
// handles of those who were erased after the cut: their secrets are gone, and the tombstones that
// would tell of them were cut off. The handles' bytes, one after the other.
std::string ErasedLaterFact(ShardId shard);

// One entry as it lies in the store.
struct Leaf {
  LeafIndex position;
  std::string_view bytes;
  std::string_view opening;
};

// Calls `visit` for each entry from `from` up to, and not including, `until`, in order. Stops at
// the first error, its own (DataLoss: a bundle is missing) or `visit`'s.
absl::Status ForEachLeaf(store::Store& store, ShardId shard, LeafIndex from, TreeSize until,
                         const std::function<absl::Status(const Leaf&)>& visit);

// An entry of a shard of consumers, opened.
struct OpenedEvent {
  Entry entry;
  Handle handle;
  // None: a contact point that the ledger had never heard of.
  std::optional<ConsumerId> consumer;
  core::Event event;
  std::string contact_point;  // Personal data; empty where the command named none.
};

// Opens leaves of one shard. Keeps the secrets it has read, at most kSecretsKept of them.
// Not safe for several threads.
class Opener {
 public:
  static constexpr size_t kSecretsKept = 100'000;

  Opener(store::Store& store, ShardId shard) : store_(store), shard_(shard) {}

  // DataLoss when the leaf is malformed, stands at another position than it says, its opening has
  // no secret, does not prove it, or tells another answer than the leaf shows.
  absl::StatusOr<OpenedEvent> Open(const Leaf& leaf);

  // The same; none for a leaf whose secret is not there, as it should be when its consumer has been
  // erased. Whether that is so, `CheckErasures` tells.
  absl::StatusOr<std::optional<OpenedEvent>> OpenUnlessErased(const Leaf& leaf);
  // Of whom leaves that are opened later tell: a secret that was read meanwhile need not be read
  // then.
  bool Knows(const Handle& handle) const { return secrets_.contains(handle); }
  const SecretValue& Keep(const Handle& handle, SecretValue value);

  // Call when all leaves from some position to the journal's end have gone through
  // OpenUnlessErased; tombstones come after what they erase. DataLoss, naming the first leaf, when
  // one had no secret and no tombstone, nor the fact above, tells of its handle.
  absl::Status CheckErasures() const;
  // So many leaves had no secret.
  uint64_t erased() const { return erased_leaves_; }

 private:
  // Null when there is none.
  absl::StatusOr<const SecretValue*> FindSecret(const Handle& handle);
  absl::StatusOr<Entry> Parse(const Leaf& leaf) const;

  store::Store& store_;
  ShardId shard_;
  absl::flat_hash_map<Handle, SecretValue> secrets_;
  absl::flat_hash_map<Handle, LeafIndex> missing_;  // Handles without a secret; their first leaves.
  absl::flat_hash_set<Handle> erased_;              // Handles that tombstones tell of.
  uint64_t erased_leaves_ = 0;
};

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_READER_H_
