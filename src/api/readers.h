// SPDX-License-Identifier: Apache-2.0
//
// Readers: a few threads for work that reads the store for a while, so that neither gRPC's threads
// nor the committers wait for it.

#ifndef CONSENT_API_READERS_H_
#define CONSENT_API_READERS_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "src/base/mutex.h"

namespace consent::api {

// Threads: safe for any.
class Readers {
 public:
  static constexpr int kThreads = 2;
  static constexpr size_t kWaitingMax = 1024;

  Readers();
  // Finishes what is queued.
  ~Readers();
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  // False, and nothing is run, when too much is waiting already.
  bool Run(std::function<void()> work);

 private:
  void Work();

  Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace consent::api

#endif  // CONSENT_API_READERS_H_
