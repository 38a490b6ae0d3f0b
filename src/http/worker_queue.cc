// SPDX-License-Identifier: Apache-2.0

#include "src/http/worker_queue.h"

#include <utility>

namespace consent::http {

WorkerQueue::WorkerQueue(int threads, size_t waiting_max) : waiting_max_(waiting_max) {
  threads_.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerQueue::~WorkerQueue() { Finish(); }

bool WorkerQueue::Add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (finished_ || tasks_.size() >= waiting_max_) return false;
    tasks_.push_back(std::move(task));
    waiting_ = tasks_.size();
  }
  added_.notify_one();
  return true;
}

void WorkerQueue::Finish() {
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
  }
  added_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerQueue::Work() {
  while (true) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      added_.wait(lock, [this] { return finished_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
      waiting_ = tasks_.size();
    }
    task();
  }
}

}  // namespace consent::http
