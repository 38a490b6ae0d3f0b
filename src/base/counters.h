// SPDX-License-Identifier: Apache-2.0
//
// Counters: numbers that many threads count up and somebody reads now and then. SteadyNanos: for
// how long something took.
//
// Counting costs one addition in memory that the thread rarely shares: there are several copies of
// all numbers, each on cache lines of its own, and every thread adds to one of them. Reading adds
// the copies up. What is read while others count is some of it a moment older than the rest.
//
// Threads: all methods from any thread, without a lock.

#ifndef CONSENT_BASE_COUNTERS_H_
#define CONSENT_BASE_COUNTERS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace consent {

class Counters {
 public:
  // `count` numbers, all zero.
  explicit Counters(size_t count)
      : lines_a_copy_((count + kALine - 1) / kALine), lines_(kCopies * lines_a_copy_) {}

  void Add(size_t which, uint64_t by = 1) {
    lines_[Copy() * lines_a_copy_ + which / kALine][which % kALine].fetch_add(
        by, std::memory_order_relaxed);
  }
  uint64_t Sum(size_t which) const {
    uint64_t sum = 0;
    for (size_t copy = 0; copy < kCopies; ++copy) {
      sum += lines_[copy * lines_a_copy_ + which / kALine][which % kALine].load(
          std::memory_order_relaxed);
    }
    return sum;
  }

 private:
  static constexpr size_t kCopies = 8;
  static constexpr size_t kALine = 8;
  struct alignas(64) Line : std::array<std::atomic<uint64_t>, kALine> {};

  // Which copy this thread adds to.
  static size_t Copy() {
    static std::atomic<size_t> next{0};
    thread_local const size_t copy = next.fetch_add(1, std::memory_order_relaxed) % kCopies;
    return copy;
  }

  const size_t lines_a_copy_;
  std::vector<Line> lines_;
};

// Nanoseconds of a clock that never goes back. Only differences mean something, and nothing but a
// report may rest on them: what is decided by time takes a Clock.
int64_t SteadyNanos();

}  // namespace consent

#endif  // CONSENT_BASE_COUNTERS_H_
