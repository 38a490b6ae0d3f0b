// SPDX-License-Identifier: Apache-2.0

#include "src/base/counters.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/histogram.h"

namespace consent {
namespace {

TEST(CountersTest, AddUpWhatManyThreadsCount) {
  constexpr size_t kNumbers = 19;
  constexpr int kThreads = 11, kTimes = 1000;
  Counters counters(kNumbers);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int time = 0; time < kTimes; ++time) {
        for (size_t which = 0; which < kNumbers; ++which) counters.Add(which, which);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t which = 0; which < kNumbers; ++which) {
    EXPECT_EQ(counters.Sum(which), which * kThreads * kTimes);
  }
}

TEST(HistogramTest, ABoundBelongsToItsBucketAndWhatLiesAboveAllToTheLast) {
  static constexpr int64_t kBounds[] = {10, 20};
  Histogram histogram(kBounds);
  for (const int64_t value : {0, 10, 11, 20, 21, 1000}) histogram.Observe(value);
  const HistogramTotals totals = histogram.totals();
  EXPECT_EQ(totals.counts, (std::vector<uint64_t>{2, 2, 2}));
  EXPECT_EQ(totals.sum, 1062u);
}

}  // namespace
}  // namespace consent
