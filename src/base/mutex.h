// SPDX-License-Identifier: Apache-2.0
//
// Mutex: absl::Mutex, in a form that a thread sanitizer can follow.
//
// The sanitizer sees what is compiled with it. Abseil comes compiled without, so to the sanitizer
// its locks order nothing, and all that they guard looks like a race. Built with the sanitizer this
// Mutex therefore stands on the standard library's, which the sanitizer knows; in every other build
// it is absl::Mutex and costs nothing more.
//
// Threads: all methods from any thread. Not recursive.

#ifndef CONSENT_BASE_MUTEX_H_
#define CONSENT_BASE_MUTEX_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#if defined(__SANITIZE_THREAD__)
#define CONSENT_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CONSENT_THREAD_SANITIZER
#endif
#endif

#ifdef CONSENT_THREAD_SANITIZER
#include <condition_variable>
#include <mutex>
#endif

namespace consent {

class ABSL_LOCKABLE Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

#ifdef CONSENT_THREAD_SANITIZER
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() {
    mutex_.unlock();
    // Whoever waits for a condition looks again, as absl::Mutex would have them.
    changed_.notify_all();
  }
  void Await(const absl::Condition& condition) {
    AwaitWithTimeout(condition, absl::InfiniteDuration());
  }
  bool AwaitWithTimeout(const absl::Condition& condition, absl::Duration timeout) {
    std::unique_lock lock(mutex_, std::adopt_lock);
    // What was done before in this critical section is for others to see.
    changed_.notify_all();
    const auto holds = [&] { return condition.Eval(); };
    bool held = true;
    if (timeout == absl::InfiniteDuration()) {
      changed_.wait(lock, holds);
    } else {
      held = changed_.wait_for(lock, absl::ToChronoNanoseconds(timeout), holds);
    }
    lock.release();
    return held;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
#else
  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.Lock(); }
  void Unlock() ABSL_UNLOCK_FUNCTION() { mutex_.Unlock(); }
  // Lets go of the mutex, which the caller holds, until `condition` holds; then has it again.
  void Await(const absl::Condition& condition) { mutex_.Await(condition); }
  // The same for at most `timeout`; returns whether the condition holds.
  bool AwaitWithTimeout(const absl::Condition& condition, absl::Duration timeout) {
    return mutex_.AwaitWithTimeout(condition, timeout);
  }

 private:
  absl::Mutex mutex_;
#endif
};

// Holds a mutex from here to the end of the block.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_->Lock();
  }
  ~MutexLock() ABSL_UNLOCK_FUNCTION() { mutex_->Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex* const mutex_;
};

}  // namespace consent

#endif  // CONSENT_BASE_MUTEX_H_
