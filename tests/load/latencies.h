// SPDX-License-Identifier: Apache-2.0
//
// Latencies: how long calls took, each kept, so that percentiles are exact. 4 bytes a call.
//
// Threads: one at a time; let each thread fill its own and merge them.

#ifndef CONSENT_LOAD_LATENCIES_H_
#define CONSENT_LOAD_LATENCIES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/time/time.h"

namespace consent::load {

class Latencies {
 public:
  // Rounded down to whole microseconds; an hour and more counts as an hour.
  void Add(absl::Duration latency);
  void Merge(const Latencies& other);

  size_t count() const { return micros_.size(); }

  // The shortest latency that at least `share` (0 to 1) of the calls did not exceed; 0 without any.
  absl::Duration AtShare(double share) const;

 private:
  std::vector<uint32_t> micros_;
};

}  // namespace consent::load

#endif  // CONSENT_LOAD_LATENCIES_H_
