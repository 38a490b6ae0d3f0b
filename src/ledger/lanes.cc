// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/lanes.h"

#include <algorithm>
#include <utility>

namespace consent::ledger {

void Lanes::Push(Lane lane, std::unique_ptr<Task> task, int64_t since) {
  const auto [found, is_new] = queues_.try_emplace(lane);
  if (is_new) turns_.push_back(lane);
  found->second.weight += task->weight();
  found->second.tasks.push_back({std::move(task), since});
}

Lanes::Taken Lanes::Take(size_t enough) {
  Taken taken;
  while (!turns_.empty() && taken.weight < enough) {
    TakeTurn(taken, [&](const Task&) { return taken.weight < enough; });
  }
  for (size_t lanes = turns_.size(); lanes > 0; --lanes) {
    TakeTurn(taken, [](const Task& task) { return task.weight() <= 1; });
  }
  return taken;
}

template <typename Wanted>
void Lanes::TakeTurn(Taken& taken, const Wanted& wanted) {
  const Lane lane = turns_.front();
  turns_.pop_front();
  const auto found = queues_.find(lane);
  Queue& queue = found->second;
  for (size_t turn = 0; turn < kTurn && !queue.tasks.empty();) {
    Waiting& next = queue.tasks.front();
    if (!wanted(*next.task)) break;
    const size_t weight = next.task->weight();
    if (taken.oldest == 0 || next.since < taken.oldest) taken.oldest = next.since;
    turn += weight;
    taken.weight += weight;
    queue.weight -= weight;
    taken.tasks.push_back(std::move(next.task));
    queue.tasks.pop_front();
  }
  if (queue.tasks.empty()) {
    queues_.erase(found);
  } else {
    turns_.push_back(lane);
  }
}

size_t Lanes::WeightOf(Lane lane) const {
  const auto found = queues_.find(lane);
  return found == queues_.end() ? 0 : found->second.weight;
}

int64_t Lanes::Oldest() const {
  int64_t oldest = 0;
  for (const auto& [lane, queue] : queues_) {
    const int64_t since = queue.tasks.front().since;
    if (oldest == 0 || since < oldest) oldest = since;
  }
  return oldest;
}

}  // namespace consent::ledger
