// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/task.h"

#include "src/base/prefetch.h"

namespace consent::ledger {

void JudgeAll(absl::Span<const std::unique_ptr<Task>> group, Turn& turn) {
  for (size_t i = 0; i < group.size(); ++i) {
    PrefetchNext(i, group.size(), Task::kPrefetchSteps,
                 [&](size_t next, int step) { group[next]->Prefetch(step); });
    group[i]->Judge(turn);
  }
}

}  // namespace consent::ledger
