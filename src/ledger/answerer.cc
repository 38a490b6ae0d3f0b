// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/answerer.h"

#include <utility>

namespace consent::ledger {
namespace {

using Group = std::vector<std::unique_ptr<Task>>;

size_t WeightOf(const Group& group) {
  size_t weight = 0;
  for (const auto& task : group) weight += task->weight();
  return weight;
}

}  // namespace

Answerer::Answerer(Workers& workers, std::function<void(size_t weight)> answered)
    : answered_(std::move(answered)),
      crew_(workers, {.name = "answerer", .threads = kThreads, .pieces_each = kHandedOverMin}) {}

void Answerer::Give(Group group, absl::Status durable) {
  const size_t weight = WeightOf(group);
  const size_t size = group.size();
  const auto answer = [group = std::make_shared<Group>(std::move(group)),
                       durable = std::move(durable)](size_t number) {
    std::exchange((*group)[number], nullptr)->Answer(durable);
  };
  const auto answered = [this, weight] { answered_(weight); };
  if (weight >= kHandedOverMin) return crew_.Give(size, answer, answered);
  for (size_t number = 0; number < size; ++number) answer(number);
  answered();
}

}  // namespace consent::ledger
