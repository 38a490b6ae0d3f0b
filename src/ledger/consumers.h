// SPDX-License-Identifier: Apache-2.0
//
// Consumers: the records of a shard, as its committer works on them.
//
// A memory of the records in use, in front of the store. Records change here first, when an event
// is staged; they are written behind, oldest change first, so that the store's mark `applied`
// moves on: every event below it is in the records written. Nothing here is the truth: `Clear` and
// a replay from `applied` rebuild it.
//
// The erased leave at once, and are kept out until their rows in the store are gone as well.
//
// Threads: belongs to the shard's committer, but for `statistics`, `WouldFetch`, `Locate`, `Fetch`,
// `HasRoom` and `AsOf`.

#ifndef CONSENT_LEDGER_CONSUMERS_H_
#define CONSENT_LEDGER_CONSUMERS_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/consent/decide.h"
#include "src/consent/event.h"
#include "src/consent/record.h"
#include "src/contact/contact_id.h"
#include "src/crypto/secret.h"
#include "src/ledger/consumer.h"
#include "src/ledger/fetcher.h"
#include "src/ledger/residents.h"
#include "src/store/store.h"

namespace consent::ledger {

// How the memory of records does; counters since it was made.
struct ConsumersStatistics {
  uint64_t hits = 0;      // A record was looked for and in memory,
  uint64_t misses = 0;    // or had to be read from the store, maybe ahead,
  uint64_t unknown = 0;   // or nowhere.
  uint64_t resident = 0;  // Records in memory,
  uint64_t dirty = 0;     // and those of them that the store's copy lags behind.
  uint64_t late = 0;      // By how many entries the store's mark is late.
};

// Which of the record's ids and fingerprints have newer ones by this name.
std::vector<core::Renamed> RenamesOf(const core::Record& record, const contact::ContactName& name);

class Consumers {
 public:
  // One in so many of those in memory is open (residents.h), up to so many: twice those that wait
  // to be written.
  static constexpr size_t kShareOpen = 8;
  static constexpr size_t kOpenMax = 131'072;

  // Keeps about `resident_max` records in memory, more only while they wait to be written.
  Consumers(store::Store& store, ShardId shard, size_t resident_max)
      : store_(store),
        shard_(shard),
        resident_max_(resident_max),
        residents_(resident_max, std::clamp<size_t>(resident_max / kShareOpen, 1, kOpenMax)),
        fetcher_(store, shard, resident_max) {}

  // The consumer of a contact point or of an id; null when there is none. Where the contact point's
  // holder has been erased: the consumer who took their place. The pointer is good until the next
  // WriteBehind, Remove or Clear. Moves nothing: see RenamesOf.
  absl::StatusOr<Consumer*> Find(const contact::ContactName& name);
  absl::StatusOr<Consumer*> Find(const ConsumerId& id);

  // Loads ahead into the processor's cache what Find and judging will read, step after step, as
  // PrefetchNext has it.
  static constexpr int kPrefetchSteps = 1 + Residents::kPrefetchSteps;
  void Prefetch(const ContactId& contact, int step) const;

  // From any thread: reads ahead what Find would have to read, for Keep; see fetcher.h.
  bool WouldFetch(const contact::ContactName& name) const { return fetcher_.WouldFetch(name); }
  void PrefetchWouldFetch(const contact::ContactName& name) const { fetcher_.Prefetch(name); }
  std::optional<Located> Locate(const contact::ContactName& name) const {
    return fetcher_.Locate(name);
  }
  std::unique_ptr<Fetched> Fetch(const Located& located) const { return fetcher_.Fetch(located); }
  std::unique_ptr<Fetched> Fetch(const contact::ContactName& name) const {
    return fetcher_.Fetch(name);
  }
  // The same by an id, while nobody changes what is in memory. Null for who is there.
  std::unique_ptr<Fetched> Fetch(const ConsumerId& id) const {
    return residents_.contains(id) ? nullptr : fetcher_.Fetch(fetcher_.At(id));
  }
  // Whether not all have come into memory that it is meant for, as of the last WriteBehind.
  bool HasRoom() const { return resident_now_.load(std::memory_order_relaxed) < resident_max_; }
  // Of what is read from now on.
  uint64_t AsOf() const { return fetcher_.AsOf(); }
  // Takes what was fetched into memory, if it is current and nobody has read it before. May be
  // null.
  void Keep(std::unique_ptr<Fetched> fetched);
  // The same, if there is room; returns whether it did. The packed bytes must be a row that can be
  // decoded.
  bool Keep(FetchedPacked fetched);

  // A consumer that the store does not know yet.
  Consumer& Add(const ConsumerId& id, const Handle& handle, crypto::Secret secret);

  // Takes an event into the record.
  void Apply(Consumer& consumer, const core::Event& event);

  // Erases a consumer: from now on nobody here, or in what the store holds of them until the entry
  // at `position` is durable, is found. They are never written behind again. Returns the rows that
  // the commit of that entry must erase.
  store::Erasure Remove(const Consumer& consumer, LeafIndex position);

  // Writes up to `records_max` of the changed records behind, oldest change first; `durable` is
  // the journal's size. Then lets go of records that have not been used lately, as far as there
  // are too many.
  absl::Status WriteBehind(size_t records_max, TreeSize durable) {
    return WriteBehind(records_max, durable, durable);
  }
  // The same while a journal of `seen` entries is replayed up to `reached`.
  absl::Status WriteBehind(size_t records_max, TreeSize reached, TreeSize seen);

  // The journal's last loss; outlives Clear.
  const std::optional<core::Loss>& loss() const { return loss_; }
  void Lose(const core::Loss& loss) { loss_ = loss; }

  size_t dirty() const { return dirty_.size(); }
  // How many entries the store's mark is late, as far as is known here.
  uint64_t Lag(TreeSize durable) const { return durable.value - applied_.value; }
  void Clear();

  // From any thread.
  ConsumersStatistics statistics() const;

 private:
  // The size that the store's mark may stand at once `count` more changed records are written.
  TreeSize Reached(TreeSize durable, size_t count);
  // By the id itself, or else by its fingerprint.
  absl::StatusOr<Consumer*> FindUnder(const ContactId& contact);
  absl::StatusOr<Consumer*> FindAs(const ContactId& contact);
  // Whether anybody was ever erased; if not, no tombstone need be looked for.
  absl::StatusOr<bool> HasTombstones();
  Consumer& Hold(std::unique_ptr<Consumer> consumer);
  // Whether the memory knows no better than what was read of the store.
  bool IsNews(const ConsumerId& id, uint64_t as_of) const;
  // Has the consumer found by this id; returns whether they were not before.
  bool Index(const ContactId& contact, const ConsumerId& id);
  void Unindex(const ContactId& contact, const ConsumerId& id);

  store::Store& store_;
  const ShardId shard_;
  const size_t resident_max_;
  Residents residents_;
  Fetcher fetcher_;
  absl::flat_hash_map<ContactId, ConsumerId> contacts_;  // Of the consumers in memory.
  std::deque<ConsumerId> dirty_;                         // In order of dirty_since.
  TreeSize applied_;                                     // The mark as last written.
  std::optional<core::Loss> loss_;
  // Erased, by the entry at this position, which may not be durable yet: the store may still hold
  // their rows.
  absl::flat_hash_map<ConsumerId, LeafIndex> gone_;
  std::optional<bool> tombstones_;
  // Written by the committer alone, read by others.
  std::atomic<uint64_t> hits_{0}, misses_{0}, unknown_{0};
  std::atomic<uint64_t> resident_now_{0}, dirty_now_{0}, late_now_{0};
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_CONSUMERS_H_
