// SPDX-License-Identifier: Apache-2.0
//
// Task: something to be judged by a shard's committer, and answered once it is durable.

#ifndef CONSENT_LEDGER_TASK_H_
#define CONSENT_LEDGER_TASK_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "src/base/instant.h"
#include "src/journal/journal.h"

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
  // Whether it may stage entries. One that never does is judged though the store is full.
  virtual bool writes() const { return true; }
  // Loads ahead into the processor's cache what Judge will read: called before it with 0 to
  // kPrefetchSteps - 1, as PrefetchNext does. Changes nothing.
  static constexpr int kPrefetchSteps = 6;
  virtual void Prefetch(int /*step*/) const {}
  // Decides on the ground of the state, stages the entries it makes.
  virtual void Judge(Turn& turn) = 0;
  // Called once. OK: what Judge saw and staged is durable. Else nothing is known to have happened.
  virtual void Answer(const absl::Status& durable) = 0;
};

// Judges them in their order.
void JudgeAll(absl::Span<const std::unique_ptr<Task>> group, Turn& turn);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_TASK_H_
