// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/answerer.h"

#include <algorithm>
#include <utility>

namespace consent::ledger {
namespace {

size_t WeightOf(const std::vector<std::unique_ptr<Task>>& group) {
  size_t weight = 0;
  for (const auto& task : group) weight += task->weight();
  return weight;
}

}  // namespace

Answerer::Answerer(Workers& workers, std::function<void(size_t weight)> answered)
    : workers_(workers), answered_(std::move(answered)) {}

Answerer::~Answerer() { Stop(); }

void Answerer::Start() {
  while (threads_.size() < kThreads) {
    threads_.push_back(workers_.Start("answerer", [this](Call call) { return Step(call); }));
  }
}

void Answerer::Stop() {
  for (const auto& thread : threads_) thread->Finish();
}

void Answerer::Give(std::vector<std::unique_ptr<Task>> group, absl::Status durable) {
  const size_t weight = WeightOf(group);
  const size_t wanted = std::clamp(group.size() / kHandedOverMin, size_t{1}, threads_.size());
  std::shared_ptr<Settled> settled(new Settled{std::move(group), std::move(durable)});
  {
    MutexLock lock(&mutex_);
    if (!waiting_.empty() || weight >= kHandedOverMin) waiting_.push_back(std::move(settled));
  }
  if (settled != nullptr) return Share(*settled);
  for (size_t i = 0; i < wanted; ++i) threads_[i]->Wake();
}

void Answerer::Share(Settled& settled) {
  size_t weight = 0;
  for (size_t i; (i = settled.next.fetch_add(1)) < settled.group.size();) {
    const std::unique_ptr<Task> task = std::move(settled.group[i]);
    weight += task->weight();
    task->Answer(settled.durable);
  }
  if (weight > 0) answered_(weight);
}

Rest Answerer::Step(Call call) {
  std::shared_ptr<Settled> settled;
  {
    MutexLock lock(&mutex_);
    while (!waiting_.empty() && waiting_.front()->next >= waiting_.front()->group.size()) {
      waiting_.pop_front();
    }
    if (waiting_.empty()) return call == Call::kFinish ? Rest::Ended() : Rest::UntilWoken();
    settled = waiting_.front();
  }
  Share(*settled);
  return Rest::None();
}

}  // namespace consent::ledger
