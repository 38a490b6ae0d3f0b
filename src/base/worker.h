// SPDX-License-Identifier: Apache-2.0
//
// Worker: one thread of control, taken as the steps that it does.
//
// What works by itself (a committer, a publisher) says what one step is, and after each how long it
// can rest. It never waits: whoever runs it does. `Threads` runs each worker on a thread of its
// own; a simulation runs many on one thread, a step at a time, in whatever order it likes.
//
// Threads: Start, Wake and Finish from any thread. The steps of one worker follow each other, also
// where they are taken by different threads.

#ifndef CONSENT_BASE_WORKER_H_
#define CONSENT_BASE_WORKER_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"

namespace consent {

// Why a step is taken.
enum class Call {
  kWoken,   // It was woken since the last step began, or this is its first.
  kDue,     // It was not, and has rested for as long as it may.
  kFinish,  // It is to end: whatever is left is to be done now.
};

// What follows a step.
struct Rest {
  absl::Duration least = absl::ZeroDuration();     // Before that, waking it does not help.
  absl::Duration most = absl::InfiniteDuration();  // After that, it is stepped unwoken.
  bool ended = false;                              // There is nothing to follow.

  static Rest UntilWoken() { return {}; }
  static Rest AtMost(absl::Duration most) { return {.most = most}; }
  static Rest None() { return AtMost(absl::ZeroDuration()); }
  static Rest Ended() { return {.ended = true}; }
};

// Does what there is to do, once. Called with kFinish, it is called again with kFinish, without a
// rest, until it says that it has ended.
using Step = std::function<Rest(Call)>;

class Worker {
 public:
  // As Finish.
  virtual ~Worker() = default;
  // There is something to do: the next step begins as soon as the last one's rest allows. Does not
  // block, and is cheap while the worker is awake.
  virtual void Wake() = 0;
  // Cuts its rest short, has it end, and returns when it has. Again: does nothing. Not for a step
  // of the worker itself.
  virtual void Finish() = 0;
};

// Which workers find a processor first.
enum class Priority {
  kUsual,
  kLow,  // Whatever others leave, and about a tenth of a processor that others want as well.
};
// What a thread of low priority adds to the process's own nice value.
inline constexpr int kLowPriorityNice = 10;

// Those who run workers.
class Workers {
 public:
  virtual ~Workers() = default;
  // Begins with a step. `name` says whose it is, for people. The worker must be gone before what
  // `step` refers to.
  virtual std::unique_ptr<Worker> Start(std::string name, Step step, Priority priority) = 0;
  std::unique_ptr<Worker> Start(std::string name, Step step) {
    return Start(std::move(name), std::move(step), Priority::kUsual);
  }
};

// Each worker on a thread of its own, in real time.
class Threads : public Workers {
 public:
  using Workers::Start;
  std::unique_ptr<Worker> Start(std::string name, Step step, Priority priority) override;
};

}  // namespace consent

#endif  // CONSENT_BASE_WORKER_H_
