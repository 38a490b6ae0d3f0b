// SPDX-License-Identifier: Apache-2.0
//
// ForEach: the same work for each of a row of numbers, on several threads.

#ifndef CONSENT_VERIFY_PARALLEL_H_
#define CONSENT_VERIFY_PARALLEL_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace consent::verify {

inline constexpr unsigned kThreadsMax = 64;

// As many threads as asked for, at most kThreadsMax; 0: one for each core.
inline unsigned ThreadsFor(unsigned wanted) {
  if (wanted == 0) wanted = std::max(1U, std::thread::hardware_concurrency());
  return std::min(wanted, kThreadsMax);
}

// Calls work(0) to work(count - 1), each once, in no order, on up to `threads` threads with the
// calling one among them. Returns when all are done. `work` must not throw.
template <typename Work>
void ForEach(size_t count, unsigned threads, const Work& work) {
  std::atomic<size_t> next{0};
  const auto run = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < std::min<size_t>(threads, count); ++i) others.emplace_back(run);
  run();
}

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_PARALLEL_H_
