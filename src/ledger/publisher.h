// SPDX-License-Identifier: Apache-2.0
//
// Publisher: turns what is durable into what is promised.
//
// For each journal, in this order and never in another: tiles are brought up to its entries, a
// checkpoint of that size is signed, stored, kept by the guard, shown to the witnesses, and only
// then published. A commit is covered within kCoveredWithinMs while the store and the witnesses
// answer; sooner when somebody waits for a receipt.
//
// Invariant: no two trees of one size are ever signed for one origin, and each tree that is signed
// continues the one before. Before every signature the last published checkpoint is checked against
// the tiles; at the start, also the one in the store, the guard's and the witnesses'.
//
// Threads: all methods from any thread. What waits is called on the publisher's own. Open and Start
// come first.

#ifndef CONSENT_LEDGER_PUBLISHER_H_
#define CONSENT_LEDGER_PUBLISHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"
#include "src/journal/log_keys.h"
#include "src/journal/tile_reader.h"
#include "src/journal/tiler.h"
#include "src/ledger/guard.h"
#include "src/ledger/witnesses.h"
#include "src/store/store.h"
#include "src/tlog/checkpoint.h"

namespace consent::ledger {

// The name of the fact in which a store keeps the last checkpoint of a journal: a signed note.
std::string CheckpointFact(const std::string& origin);

// A checkpoint that the world may see.
struct Published {
  tlog::Checkpoint checkpoint;
  std::string note;  // The checkpoint, signed and cosigned.
  int64_t at_ms;     // When it was published, by the wall clock.
};

class Publisher {
 public:
  static constexpr int64_t kCoveredWithinMs = 1000;

  // Those that are null are not there. All must outlive the publisher.
  struct Options {
    Guard* guard = nullptr;
    Witnesses* witnesses = nullptr;
    // Told when publishing begins to fail, and, with OK, when it works again.
    std::function<void(const absl::Status&)> report = {};
  };

  // `clock` says how long somebody has waited.
  Publisher(store::Store& store, const journal::LogKeys& keys, const Clock& clock, Workers& workers,
            Options options);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Adds a journal, before Start: brings its tiles up to date, checks every promise made about it,
  // and publishes its checkpoint. FailedPrecondition when a promise is not kept (promise.h);
  // DataLoss when its entries are not those that its head commits to.
  absl::Status Open(ShardId shard, std::string origin);

  // Begins to follow the journals.
  void Start();
  // Publishes what has become durable, tells those who wait, and ends.
  void Stop();

  // The last checkpoint of an opened journal.
  std::shared_ptr<const Published> Latest(ShardId shard) const;

  // Calls `done` with the first published checkpoint that covers the entry: at once where there is
  // one. Unavailable: NO_CHECKPOINT when publishing fails, SHUTTING_DOWN. Must not block.
  using Covered = std::function<void(absl::StatusOr<std::shared_ptr<const Published>>)>;
  void WhenCovered(ShardId shard, LeafIndex entry, Covered done);

 private:
  struct Waiting {
    LeafIndex entry;
    int64_t until_ms;  // By the steady clock.
    Covered done;
  };
  struct Log {
    ShardId shard;
    std::string origin;
    std::optional<journal::Tiler> tiler;      // Of the publisher's thread.
    std::shared_ptr<const Published> latest;  // Guarded by mutex_.
    std::vector<Waiting> waiting;             // Guarded by mutex_.
  };

  Rest Step(Call call);
  void Round();
  absl::Status Publish(Log& log);
  absl::StatusOr<TreeSize> Tile(Log& log);
  absl::Status CheckPromises(const Log& log, TreeSize size);
  void Answer(Log& log, const absl::Status& published, bool last);
  Log& Find(ShardId shard) const;

  store::Store& store_;
  const journal::LogKeys& keys_;
  const Clock& clock_;
  Workers& workers_;
  const Options options_;
  std::vector<std::unique_ptr<Log>> logs_;  // Does not change after Start.
  mutable Mutex mutex_;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;  // Somebody waits for the next checkpoint.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool failing_ = false;            // Of the publisher's thread.
  std::unique_ptr<Worker> worker_;  // Last: it uses all of the above.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_PUBLISHER_H_
