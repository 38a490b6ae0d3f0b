// SPDX-License-Identifier: Apache-2.0
//
// Committer: the one writer of a shard.
//
// It takes whatever has queued while the last commit was being made durable, lets each task judge
// and stage in order of arrival, makes the group durable with one synced commit, and only then
// lets the tasks answer. So every answer, also one that wrote nothing, rests on durable ground.
//
// After a commit that failed or whose outcome is unknown, nothing in memory is believed: the
// group is told so, and journal and state are loaded again before the next one. A commit refused
// because the journal has moved (another process wrote) is judged again on the new ground.
//
// Threads: Submit from any thread. Task and State methods run on the committer's own thread.

#ifndef CONSENT_LEDGER_COMMITTER_H_
#define CONSENT_LEDGER_COMMITTER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/journal/journal.h"
#include "src/ledger/ledger_clock.h"
#include "src/store/store.h"

namespace consent::ledger {

// What a task sees while it judges.
struct Turn {
  journal::Journal& journal;
  Instant now;
  int64_t now_ms;  // The same moment, in Unix milliseconds.
};

// Something to be judged. Judge may be called several times; the last call counts.
class Task {
 public:
  virtual ~Task() = default;
  // How many decisions it stands for; groups are bounded by their sum.
  virtual size_t weight() const { return 1; }
  // Decides on the ground of the state, stages the entries it makes.
  virtual void Judge(Turn& turn) = 0;
  // Called once. OK: what Judge saw and staged is durable. Else nothing is known to have happened.
  virtual void Answer(const absl::Status& durable) = 0;
};

// What a shard holds in memory, derived from its journal.
class State {
 public:
  virtual ~State() = default;
  // Forgets everything and catches up with the journal, which ends at `size`.
  virtual absl::Status Load(TreeSize size) = 0;
  // Called after the answers of a group, and when there is nothing to do (`idle`): writes some of
  // what is derived behind. `durable` is the size of the journal.
  virtual absl::Status WriteBehind(TreeSize durable, bool idle) = 0;
};

class Committer {
 public:
  static constexpr size_t kQueueMax = 65'536;  // Decisions waiting; more are refused.
  static constexpr size_t kGroupMax = 8'192;   // Decisions in one commit.

  Committer(store::Store& store, ShardId shard, State& state, LedgerClock& clock);
  // Answers what has queued, then stops.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Loads journal and state, then starts to work. Call once.
  absl::Status Start();

  // Queues a task. A task that cannot be queued is answered at once, on this thread: OVERLOADED
  // when the queue is full, SHUTTING_DOWN when the committer is stopping.
  void Submit(std::unique_ptr<Task> task);

  // Takes no new tasks, answers those queued, writes behind as when idle, and ends the thread.
  void Stop();

 private:
  using Group = std::vector<std::unique_ptr<Task>>;

  void Run();
  Group Take();
  absl::Status Commit(const Group& group);
  absl::Status Reload();

  store::Store& store_;
  const ShardId shard_;
  State& state_;
  LedgerClock& clock_;
  std::optional<journal::Journal> journal_;  // None: not loaded, or not to be believed.

  absl::Mutex mutex_;
  std::deque<std::unique_ptr<Task>> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queued_ ABSL_GUARDED_BY(mutex_) = 0;  // Sum of weights.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_COMMITTER_H_
