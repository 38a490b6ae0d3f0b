// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/answerer.h"

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
  worker_ = workers_.Start("answerer", [this](Call call) { return Step(call); });
}

void Answerer::Stop() {
  if (worker_ != nullptr) worker_->Finish();
}

void Answerer::Give(std::vector<std::unique_ptr<Task>> group, absl::Status durable) {
  Settled settled{std::move(group), std::move(durable)};
  {
    MutexLock lock(&mutex_);
    if (busy_ || !waiting_.empty() || WeightOf(settled.group) >= kHandedOverMin) {
      waiting_.push_back(std::move(settled));
      worker_->Wake();
      return;
    }
  }
  AnswerAll(settled);
}

void Answerer::AnswerAll(const Settled& settled) {
  for (const auto& task : settled.group) task->Answer(settled.durable);
  answered_(WeightOf(settled.group));
}

Rest Answerer::Step(Call call) {
  Settled settled;
  {
    MutexLock lock(&mutex_);
    busy_ = false;
    if (waiting_.empty()) return call == Call::kFinish ? Rest::Ended() : Rest::UntilWoken();
    settled = std::move(waiting_.front());
    waiting_.pop_front();
    busy_ = true;
  }
  AnswerAll(settled);
  return Rest::None();
}

}  // namespace consent::ledger
