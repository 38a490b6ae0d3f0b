// SPDX-License-Identifier: Apache-2.0
//
// What is measured once, after the rounds: grants coming in, a campaign, many consumers, and a
// start after a crash.

#ifndef CONSENT_BENCH_MEASURE_SCALE_H_
#define CONSENT_BENCH_MEASURE_SCALE_H_

#include "absl/status/status.h"
#include "bench/report.h"
#include "bench/session.h"
#include "bench/settings.h"
#include "bench/timing.h"

namespace consent::bench {

// The server runs before and afterwards. Internal when anything is refused or denied.
absl::Status MeasureScale(Session& session, const Settings& settings, const Timing& timing,
                          Report& report);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_MEASURE_SCALE_H_
