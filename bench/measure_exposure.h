// SPDX-License-Identifier: Apache-2.0
//
// What it costs to be exposed: the same calls to the same ledger, by a server that knows nobody and
// by one that is protected and watched.

#ifndef CONSENT_BENCH_MEASURE_EXPOSURE_H_
#define CONSENT_BENCH_MEASURE_EXPOSURE_H_

#include "absl/status/status.h"
#include "bench/report.h"
#include "bench/session.h"
#include "bench/timing.h"

namespace consent::bench {

// So many times in turn. The session's server is a bare one again afterwards.
absl::Status MeasureExposure(Session& session, int turns, const Timing& timing, Report& report);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_MEASURE_EXPOSURE_H_
