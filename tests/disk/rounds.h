// SPDX-License-Identifier: Apache-2.0
//
// How often a test of this folder is repeated, and from which seed. CONSENT_SEED repeats another
// run's choices; CONSENT_LONG takes the long form. And the store that is tested. Test code only.

#ifndef CONSENT_DISK_ROUNDS_H_
#define CONSENT_DISK_ROUNDS_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/store/faulty_disk.h"
#include "src/store/rocksdb_store.h"

namespace consent::disk {

inline uint64_t Seed() {
  const char* const given = std::getenv("CONSENT_SEED");
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10)
                                         : static_cast<uint64_t>(now) % 1'000'000'007;
  std::printf("seed: CONSENT_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}

inline uint64_t Repeats(uint64_t in_short, uint64_t in_long) {
  return std::getenv("CONSENT_LONG") != nullptr ? in_long : in_short;
}

// So small that a few writes make it flush and compact.
inline store::RocksDbOptions SmallStore(rocksdb::Env& env) {
  store::RocksDbOptions options;
  options.cache_bytes = size_t{1} << 20;
  options.write_buffer_bytes = size_t{64} << 10;
  options.take_up_within = absl::Seconds(10);
  options.env = &env;
  return options;
}

// Does `work` for 0 to count - 1, several at once, until one has failed: RocksDB's threads, which
// all stores of a process share, sleep for a second after some failures.
inline void AtOnce(uint64_t count, const std::function<void(uint64_t)>& work) {
  constexpr int kAtOnce = 8;
  store::TakeThreads(2 * kAtOnce);
  std::atomic<uint64_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kAtOnce; ++i) {
    threads.emplace_back([&] {
      for (uint64_t one = next++; one < count && !testing::Test::HasFailure(); one = next++) {
        work(one);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace consent::disk

#endif  // CONSENT_DISK_ROUNDS_H_
