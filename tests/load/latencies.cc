// SPDX-License-Identifier: Apache-2.0

#include "tests/load/latencies.h"

#include <algorithm>
#include <cmath>

namespace consent::load {

void Latencies::Add(absl::Duration latency) {
  const int64_t micros = absl::ToInt64Microseconds(std::min(latency, absl::Hours(1)));
  micros_.push_back(static_cast<uint32_t>(std::max<int64_t>(0, micros)));
}

void Latencies::Merge(const Latencies& other) {
  micros_.insert(micros_.end(), other.micros_.begin(), other.micros_.end());
}

absl::Duration Latencies::AtShare(double share) const {
  if (micros_.empty()) return absl::ZeroDuration();
  const auto count = static_cast<double>(micros_.size());
  const double rank = std::clamp(std::ceil(share * count), 1.0, count);
  std::vector<uint32_t> sorted = micros_;
  const auto nth = sorted.begin() + static_cast<ptrdiff_t>(rank) - 1;
  std::nth_element(sorted.begin(), nth, sorted.end());
  return absl::Microseconds(*nth);
}

}  // namespace consent::load
