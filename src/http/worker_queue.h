// SPDX-License-Identifier: Apache-2.0
//
// WorkerQueue: a fixed number of threads and a bounded queue of tasks for them.
//
// Threads: safe from any thread.

#ifndef CONSENT_HTTP_WORKER_QUEUE_H_
#define CONSENT_HTTP_WORKER_QUEUE_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace consent::http {

class WorkerQueue {
 public:
  using Task = std::function<void()>;

  WorkerQueue(int threads, size_t waiting_max);
  // Finishes.
  ~WorkerQueue();

  // False, and nothing done, when `waiting_max` tasks wait already.
  bool Add(Task task);

  // Whether a task waits for a thread.
  bool has_waiting() const { return waiting_.load(std::memory_order_relaxed) > 0; }

  // Runs what waits, takes nothing more, and returns when all threads have ended.
  void Finish();

 private:
  void Work();

  const size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<Task> tasks_;  // Guarded by mutex_.
  bool finished_ = false;   // Guarded by mutex_.
  std::atomic<size_t> waiting_{0};
  std::vector<std::thread> threads_;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_WORKER_QUEUE_H_
