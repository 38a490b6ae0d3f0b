// SPDX-License-Identifier: Apache-2.0
//
// Committer: the one writer of a shard.
//
// It takes what has queued while the last commit was being made durable, lets each task judge and
// stage, those of one caller in order of arrival, makes the group durable with one synced commit,
// and only then lets the tasks answer. So every answer, also one that wrote nothing, rests on
// durable ground.
//
// Nobody keeps others waiting for long: callers take turns (lanes.h), and one may have as much
// waiting as there is room left for everybody else.
//
// While the store is full, tasks that would write are refused before they are judged, and those
// that only look are answered.
//
// After a commit that failed or whose outcome is unknown, nothing in memory is believed: the
// group is told so, and journal and state are loaded again before the next one. A commit refused
// because the journal has moved (another process wrote) is judged again on the new ground.
//
// Threads: Submit from any thread. Judge and all methods of State run on the committer's own
// thread; answers are given by an answerer, which may use another.

#ifndef CONSENT_LEDGER_COMMITTER_H_
#define CONSENT_LEDGER_COMMITTER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "src/base/histogram.h"
#include "src/base/ids.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"
#include "src/journal/journal.h"
#include "src/ledger/answerer.h"
#include "src/ledger/crew.h"
#include "src/ledger/lanes.h"
#include "src/ledger/ledger_clock.h"
#include "src/ledger/task.h"
#include "src/store/store.h"

namespace consent::ledger {

// How much may be written behind at once: some, since the next group is coming; more, since nothing
// is waiting; or all, since the committer ends.
enum class Pace { kBusy, kIdle, kLast };

// What a shard holds in memory, derived from its journal.
class State {
 public:
  virtual ~State() = default;
  // Forgets everything and catches up with the journal, which ends at `size`.
  virtual absl::Status Load(TreeSize size) = 0;
  // Called when what was judged and staged has become durable, before it is answered.
  virtual void Committed() {}
  // Called after a group, when there is nothing to do, and at the end: writes some of what is
  // derived behind. `durable` is the size of the journal.
  virtual absl::Status WriteBehind(TreeSize durable, Pace pace) = 0;
};

// How a committer does; counters since it was made.
struct CommitterStatistics {
  uint64_t queued = 0;       // Decisions that wait for their answer now.
  int64_t oldest_nanos = 0;  // For how long the oldest request has waited that is not settled yet.
  HistogramTotals group_sizes = {};   // Decisions in one commit.
  HistogramTotals commit_nanos = {};  // From judging a group until it was durable.
};

class Committer {
 public:
  static constexpr size_t kQueueMax = 65'536;  // Decisions not yet answered; more are refused.
  static constexpr size_t kGroupMax = 8'192;   // Decisions in one commit,
  // and, of batches, where others have asked within the last second: they wait for two of these at
  // most, each judged in less time than its sync takes.
  static constexpr size_t kSharedGroupMax = 64;

  // Told when writing behind begins to fail, and, with OK, when it works again.
  using Report = std::function<void(const absl::Status&)>;

  Committer(store::Store& store, ShardId shard, State& state, LedgerClock& clock, Workers& workers,
            Report report = {});
  // Answers what has queued, then stops.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // Loads journal and state. Call once.
  absl::Status Load() { return Reload(); }
  // Between Load and Start: judges a task, makes it durable and answers it, on this thread.
  void Do(std::unique_ptr<Task> task);
  // Starts to work.
  void Start();

  // Queues tasks of a caller, all of them or none. Those that cannot be queued are answered at
  // once, on this thread: OVERLOADED when the caller has too much waiting, SHUTTING_DOWN when the
  // committer is stopping.
  void Submit(Lane lane, absl::Span<std::unique_ptr<Task>> tasks);
  void Submit(Lane lane, std::unique_ptr<Task> task) { Submit(lane, absl::MakeSpan(&task, 1)); }

  // From any thread.
  CommitterStatistics statistics() const;

  // Whether a caller's task of this weight could be queued now; as Submit would say.
  absl::Status CheckRoom(Lane lane, size_t weight);

  // Takes no new tasks, answers those queued, writes all behind, and ends.
  void Stop();

 private:
  using Group = std::vector<std::unique_ptr<Task>>;

  Rest Step(Call call);
  absl::Status RoomFor(Lane lane, size_t weight) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether several callers have asked lately.
  bool IsShared(int64_t now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What has queued, as far as one commit holds it; `more`: there is more.
  Group Take(bool& more);
  void Refuse(Group& group, const absl::Status& full);
  void Settle(Group group);
  absl::Status Commit(const Group& group);
  absl::Status Reload();
  void WriteBehind(Pace pace);

  store::Store& store_;
  const ShardId shard_;
  State& state_;
  LedgerClock& clock_;
  Workers& workers_;
  const Report report_;
  std::optional<journal::Journal> journal_;  // None: not loaded, or not to be believed.
  bool failing_ = false;                     // Writing behind is.

  mutable Mutex mutex_;
  Lanes waiting_ ABSL_GUARDED_BY(mutex_);
  std::optional<Lane> last_lane_
      ABSL_GUARDED_BY(mutex_);                       // Of the last task; none: there was none.
  int64_t last_change_ ABSL_GUARDED_BY(mutex_) = 0;  // When it last was another; 0: never.
  size_t queued_ ABSL_GUARDED_BY(mutex_) = 0;        // Sum of weights, until they are answered.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::atomic<int64_t> settling_since_{0};  // The oldest of the group under way; 0: there is none.
  Histogram group_sizes_;
  Histogram commit_nanos_{kNanosBounds};
  Crew sealers_;  // Help to seal and hash large groups.
  const journal::AtOnce at_once_ = [this](size_t count, const std::function<void(size_t)>& work) {
    sealers_.Do(count, work);
  };
  Answerer answerer_;
  std::unique_ptr<Worker> worker_;  // Last: it uses all of the above.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_COMMITTER_H_
