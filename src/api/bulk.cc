// SPDX-License-Identifier: Apache-2.0

#include "src/api/bulk.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "src/base/worker.h"

namespace consent::api {

Bulk::Bulk() {
  const unsigned processors = std::max(std::thread::hardware_concurrency(), 1u);
  for (unsigned i = 0; i < processors; ++i) threads_.emplace_back([this] { Work(); });
}

Bulk::~Bulk() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

void Bulk::Run(ledger::Lane lane, int items, std::function<void()> work) {
  if (items < kItemsMin) return work();
  MutexLock lock(&mutex_);
  Queue& queue = queues_[lane];
  if (queue.empty()) turns_.push_back(lane);
  queue.push_back(std::move(work));
}

void Bulk::Work() {
  pthread_setname_np(pthread_self(), "bulk");
  // On Linux a nice value is a thread's own, and anybody may raise theirs.
  [[maybe_unused]] const int now = nice(kLowPriorityNice);
  while (true) {
    std::function<void()> work;
    {
      MutexLock lock(&mutex_);
      const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return !turns_.empty() || stopping_;
      };
      mutex_.Await(absl::Condition(&due));
      if (turns_.empty()) return;
      const ledger::Lane lane = turns_.front();
      turns_.pop_front();
      const auto queue = queues_.find(lane);
      work = std::move(queue->second.front());
      queue->second.pop_front();
      if (queue->second.empty()) {
        queues_.erase(queue);
      } else {
        turns_.push_back(lane);
      }
    }
    work();
  }
}

}  // namespace consent::api
