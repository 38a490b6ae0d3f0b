// SPDX-License-Identifier: Apache-2.0
//
// ReadAhead: reads consumers who are not in memory before the committer asks for them, many at
// once: a disk serves many reads in hardly more time than one, and whoever reads waits for it, not
// for a processor. Nobody is read whose record seems to be in memory.
//
// Those who want something read take turns, one consumer each: who asks about one does not wait
// for somebody else's thousand.
//
// Threads: Prepare from any thread. Start and Stop once, by the owner.

#ifndef CONSENT_LEDGER_READ_AHEAD_H_
#define CONSENT_LEDGER_READ_AHEAD_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"
#include "src/ledger/command.h"
#include "src/ledger/consumers.h"
#include "src/ledger/fetcher.h"

namespace consent::ledger {

// A command, and whom it is about as far as they could be read ahead.
struct Prepared {
  ContactCommand command;
  std::unique_ptr<Fetched> fetched = nullptr;
};

class ReadAhead {
 public:
  // Started when they are first wanted.
  static constexpr size_t kThreads = 16;
  // Where so many want something read already, whoever comes next reads it on their own thread.
  static constexpr size_t kWaitingMax = 1024;

  ReadAhead(const Consumers& consumers, Workers& workers, Priority priority);
  // As Stop.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  void Start();
  // Reads what is waiting, then ends. Before Start and from now on everybody reads by themselves.
  void Stop();

  // Calls `then` when the command is prepared: at once and here, if nobody need be read; otherwise
  // on a thread of its own. Who is unknown takes the way of those in memory: whether a thread had
  // to be woken would tell a stranger who is known.
  void Prepare(ContactCommand command, std::function<void(Prepared)> then);
  // Returns when all are prepared, in their order. Reads on this thread as well.
  std::vector<Prepared> Prepare(std::vector<ContactCommand> commands);

 private:
  // Reads to be done, numbered from 0; each is done once, by anybody.
  struct Job {
    size_t count;
    std::function<void(size_t number)> read;
    std::function<void()> then;        // Called after the last; null: somebody awaits `left`.
    size_t next = 0;                   // Under mutex_. The first that nobody has taken yet.
    std::atomic<size_t> left = count;  // Not done yet.
  };

  Rest Step(size_t self, Call call);
  void Do(Job& job, size_t number);
  // Whether others will do it; else nothing has happened.
  bool Share(const std::shared_ptr<Job>& job);
  // Whether there was one more to wake.
  bool WakeOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes reads of this job until none is left to take.
  void Help(Job& job);

  const Consumers& consumers_;
  Workers& workers_;
  const Priority priority_;
  Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<std::shared_ptr<Job>> turns_ ABSL_GUARDED_BY(mutex_);  // The next first.
  std::vector<size_t> idle_ ABSL_GUARDED_BY(mutex_);  // Threads that rest until they are woken.
  // Last: they use all of the above. None is added once it is not open any more.
  std::vector<std::unique_ptr<Worker>> threads_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_READ_AHEAD_H_
