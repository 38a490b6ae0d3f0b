// SPDX-License-Identifier: Apache-2.0

#include "src/base/counters.h"

#include <chrono>

namespace consent {

int64_t SteadyNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace consent
