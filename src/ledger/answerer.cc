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

Answerer::Answerer(std::function<void(size_t weight)> answered) : answered_(std::move(answered)) {}

Answerer::~Answerer() { Stop(); }

void Answerer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Answerer::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void Answerer::Give(std::vector<std::unique_ptr<Task>> group, absl::Status durable) {
  Settled settled{std::move(group), std::move(durable)};
  {
    MutexLock lock(&mutex_);
    if (busy_ || !waiting_.empty() || WeightOf(settled.group) >= kHandedOverMin) {
      waiting_.push_back(std::move(settled));
      return;
    }
  }
  AnswerAll(settled);
}

void Answerer::AnswerAll(const Settled& settled) {
  for (const auto& task : settled.group) task->Answer(settled.durable);
  answered_(WeightOf(settled.group));
}

void Answerer::Run() {
  while (true) {
    Settled settled;
    {
      MutexLock lock(&mutex_);
      busy_ = false;
      const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return !waiting_.empty() || stopping_;
      };
      mutex_.Await(absl::Condition(&due));
      if (waiting_.empty()) return;
      settled = std::move(waiting_.front());
      waiting_.pop_front();
      busy_ = true;
    }
    AnswerAll(settled);
  }
}

}  // namespace consent::ledger
