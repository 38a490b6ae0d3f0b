// SPDX-License-Identifier: Apache-2.0
//
// DirectoryShard: the directory's journal, its committer, and the value everybody reads.

#ifndef CONSENT_LEDGER_DIRECTORY_SHARD_H_
#define CONSENT_LEDGER_DIRECTORY_SHARD_H_

#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"
#include "src/directory/directory.h"
#include "src/ledger/committer.h"
#include "src/ledger/ledger_clock.h"
#include "src/store/store.h"

namespace consent::ledger {

// Where the directory's journal holds a change.
struct DirectoryChange {
  LeafIndex entry;
  bool repeated = false;  // Nothing had to be changed; `entry` is the party's last change.
};

// Threads: all methods from any thread; callbacks run on the answerer's thread.
class DirectoryShard : private State {
 public:
  using Done = std::function<void(absl::StatusOr<DirectoryChange>)>;

  DirectoryShard(store::Store& store, LedgerClock& clock, Workers& workers);
  ~DirectoryShard() override;

  // Loads the directory, then starts to work.
  absl::Status Start();
  void Stop() { committer_.Stop(); }
  CommitterStatistics committer_statistics() const { return committer_.statistics(); }

  // The directory as far as it is durable.
  std::shared_ptr<const directory::Directory> Snapshot() const;

  // Makes the change durable, then calls `done`. Repeating a change changes nothing.
  void Change(directory::DirectoryEvent event, Done done);

 private:
  class ChangeTask;

  absl::Status Load(TreeSize size) override;
  absl::Status WriteBehind(TreeSize, Pace) override { return absl::OkStatus(); }
  void Committed() override { Publish(); }
  void Publish();

  store::Store& store_;
  std::shared_ptr<directory::Directory> working_;  // The committer's; published once durable.
  mutable Mutex mutex_;
  std::shared_ptr<const directory::Directory> published_ ABSL_GUARDED_BY(mutex_);
  Committer committer_;  // Last: it uses all of the above.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_DIRECTORY_SHARD_H_
