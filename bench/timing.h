// SPDX-License-Identifier: Apache-2.0
//
// Timing: how long every load of a run is kept up. The same for all that is compared.

#ifndef CONSENT_BENCH_TIMING_H_
#define CONSENT_BENCH_TIMING_H_

#include "absl/time/time.h"

namespace consent::bench {

struct Timing {
  absl::Duration warm_up = absl::Milliseconds(300);
  absl::Duration measured = absl::Seconds(2);
  bool curves = false;  // Measures more points, for plots.
};

}  // namespace consent::bench

#endif  // CONSENT_BENCH_TIMING_H_
