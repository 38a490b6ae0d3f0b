// SPDX-License-Identifier: Apache-2.0

#include "src/api/readers.h"

#include <utility>

namespace consent::api {

Readers::Readers() {
  for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { Work(); });
}

Readers::~Readers() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool Readers::Run(std::function<void()> work) {
  MutexLock lock(&mutex_);
  if (waiting_.size() >= kWaitingMax) return false;
  waiting_.push_back(std::move(work));
  return true;
}

void Readers::Work() {
  while (true) {
    std::function<void()> work;
    {
      MutexLock lock(&mutex_);
      const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return !waiting_.empty() || stopping_;
      };
      mutex_.Await(absl::Condition(&due));
      if (waiting_.empty()) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace consent::api
