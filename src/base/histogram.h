// SPDX-License-Identifier: Apache-2.0
//
// Histogram: how often what was measured lay below which bound. As cheap as Counters.
//
// Threads: all methods from any thread, without a lock.

#ifndef CONSENT_BASE_HISTOGRAM_H_
#define CONSENT_BASE_HISTOGRAM_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "src/base/counters.h"

namespace consent {

// What a histogram has counted.
struct HistogramTotals {
  std::span<const int64_t> bounds = {};  // Upper ends, each included, rising.
  // One for each bound, of what lies above the bound before; and at last what lies above all.
  std::vector<uint64_t> counts = {};
  uint64_t sum = 0;  // Of everything measured.
};

// From a tenth of a millisecond to ten seconds.
inline constexpr int64_t kNanosBounds[] = {
    100'000,       200'000,       500'000,       1'000'000,     2'000'000,   5'000'000,
    10'000'000,    20'000'000,    50'000'000,    100'000'000,   200'000'000, 500'000'000,
    1'000'000'000, 2'000'000'000, 5'000'000'000, 10'000'000'000};

class Histogram {
 public:
  // `bounds` outlive the histogram.
  explicit Histogram(std::span<const int64_t> bounds)
      : bounds_(bounds), counters_(bounds.size() + 2) {}

  // `value` is not negative.
  void Observe(int64_t value) {
    size_t bucket = 0;
    while (bucket < bounds_.size() && value > bounds_[bucket]) ++bucket;
    counters_.Add(bucket);
    counters_.Add(bounds_.size() + 1, static_cast<uint64_t>(value));
  }

  HistogramTotals totals() const {
    HistogramTotals totals{.bounds = bounds_};
    for (size_t i = 0; i <= bounds_.size(); ++i) totals.counts.push_back(counters_.Sum(i));
    totals.sum = counters_.Sum(bounds_.size() + 1);
    return totals;
  }

 private:
  const std::span<const int64_t> bounds_;
  Counters counters_;
};

}  // namespace consent

#endif  // CONSENT_BASE_HISTOGRAM_H_
