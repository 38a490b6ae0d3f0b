// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/task.h"

namespace consent::ledger {

void JudgeAll(absl::Span<const std::unique_ptr<Task>> group, Turn& turn) {
  for (size_t i = 0; i < group.size(); ++i) {
    // While one is judged those that follow come nearer, each by a step.
    for (int step = 0; step < Task::kPrefetchSteps; ++step) {
      const size_t next = i + static_cast<size_t>(Task::kPrefetchSteps - step);
      if (next < group.size()) group[next]->Prefetch(step);
    }
    group[i]->Judge(turn);
  }
}

}  // namespace consent::ledger
