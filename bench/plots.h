// SPDX-License-Identifier: Apache-2.0
//
// The plots of a run, drawn from its figures.

#ifndef CONSENT_BENCH_PLOTS_H_
#define CONSENT_BENCH_PLOTS_H_

#include <string>

#include "absl/status/status.h"
#include "bench/report.h"

namespace consent::bench {

// Writes throughput.svg and latency.svg, over the calls in flight, and growth.svg, over the number
// of consumers, where there are figures for it; makes the folder. FailedPrecondition when that
// cannot be written.
absl::Status WritePlots(const Report& report, const std::string& folder);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_PLOTS_H_
