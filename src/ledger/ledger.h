// SPDX-License-Identifier: Apache-2.0
//
// Ledger: the directory and the shards of consumers, opened on one store.
//
// The embedded ledger has one shard of consumers. Its origin names it for ever: statements say it
// as their audience, journals have it as the beginning of their own origin.
//
// Threads: all methods from any thread.

#ifndef CONSENT_LEDGER_LEDGER_H_
#define CONSENT_LEDGER_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/base/worker.h"
#include "src/contact/contact_id.h"
#include "src/crypto/signing_key.h"
#include "src/journal/log_keys.h"
#include "src/ledger/directory_shard.h"
#include "src/ledger/ledger_clock.h"
#include "src/ledger/peppers.h"
#include "src/ledger/publisher.h"
#include "src/ledger/shard.h"
#include "src/store/store.h"

namespace consent::ledger {

inline constexpr ShardId kConsumerShard{1};
inline constexpr size_t kOriginBytesMax = 128;
// The fact in which a store keeps the ledger's origin.
inline constexpr std::string_view kOriginFact = "origin";

// One journal, as far as it is durable.
struct JournalStatus {
  std::string origin;
  ShardId shard;
  TreeSize size;
  Digest root;
};

class Ledger {
 public:
  struct Options {
    // Names a new ledger; for an existing one it must be empty or the same. Empty for a new one:
    // a random name under "localhost/".
    std::string origin;
    // Tell whether the store and the peppers belong together: of each pepper at hand, the newest
    // first (Peppers::Checks). The store keeps them.
    PeppersAtHand peppers;
    size_t records_in_memory = Shard::kRecordsInMemory;
    // Sign the checkpoints of all journals, newest first: 1 to LogKeys::kKeysMax Ed25519 keys.
    std::vector<crypto::SigningKey> journal_keys;
    // Its guard also remembers who was erased; whom it remembers is erased when the ledger opens.
    Publisher::Options publishing = {};
    absl::Duration purge_interval = Purger::kInterval;
    // Somebody has looked: the wall clock is right, whatever clock_anchor.h says against it.
    bool clock_is_right = false;
    // Told when writing records behind begins to fail, and, with OK, when it works again.
    Committer::Report report_behind = {};
    // Runs the ledger's workers, and must outlive it; null: each has a thread of its own.
    Workers* workers = nullptr;
  };

  // Opens the ledger on `store`, or makes a new one there, checks that its journals keep what was
  // promised of them, and replays what its records lack. `store` and `clock` must outlive it.
  // FailedPrecondition: the store is of another origin, wants other peppers (peppers.h), or
  // breaks a promise (publisher.h, restored.h), or the wall clock cannot be believed
  // (clock_anchor.h).
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(store::Store& store, const Clock& clock,
                                                      const Options& options);
  // Answers what is queued, writes behind, publishes, stops.
  ~Ledger();
  void Stop();

  const std::string& origin() const { return origin_; }
  DirectoryShard& directory() { return directory_; }
  // The shard where a consumer with this contact point lives.
  Shard& ShardOf(const contact::ContactName&) { return shard_; }
  // Null when the ledger has no such shard of consumers.
  Shard* FindShard(ShardId id) { return id == shard_.id() ? &shard_ : nullptr; }

  // The origin of a shard's journal (loss.h): the ledger's, "/", and "directory" or the shard's
  // number, and after an accepted loss how many there were.
  std::string JournalOrigin(ShardId shard) const;
  std::optional<ShardId> FindJournal(std::string_view origin) const;
  // All journals, the directory's first.
  absl::StatusOr<std::vector<JournalStatus>> Journals() const;
  absl::StatusOr<JournalStatus> JournalOf(ShardId shard) const;

  store::Store& store() const { return store_; }
  // False once the machine's clock is in doubt: nothing is written any more (ledger_clock.h).
  bool clock_is_believed() const { return clock_.believed(); }
  // Versions of the older peppers under which something lay when the ledger was opened; the newest
  // first. What lies there moves when something is recorded about it.
  const std::vector<uint8_t>& older_peppers_in_use() const { return older_peppers_in_use_; }
  // What the world sees of the journals.
  Publisher& publisher() { return publisher_; }
  const journal::LogKeys& journal_keys() const { return journal_keys_; }

 private:
  Ledger(store::Store& store, const Clock& clock, std::string origin, uint32_t generation,
         journal::LogKeys journal_keys, const Options& options);

  store::Store& store_;
  const std::string origin_;
  const uint32_t generation_;  // How many losses have been accepted.
  const Clock& wall_;
  LedgerClock clock_;
  Threads threads_;
  const journal::LogKeys journal_keys_;
  Publisher publisher_;
  DirectoryShard directory_;
  Shard shard_;
  std::vector<uint8_t> older_peppers_in_use_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_LEDGER_H_
