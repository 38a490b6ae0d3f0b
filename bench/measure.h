// SPDX-License-Identifier: Apache-2.0
//
// What one round measures, and in what order. Everything a ratio compares is measured in turn, on
// the same server, so that what else the machine does meets both.

#ifndef CONSENT_BENCH_MEASURE_H_
#define CONSENT_BENCH_MEASURE_H_

#include "absl/status/status.h"
#include "bench/measure_peers.h"
#include "bench/report.h"
#include "bench/session.h"
#include "bench/timing.h"

namespace consent::bench {

// Measures round number `round`, from 0. Internal when a call failed.
absl::Status MeasureRound(Session& session, const Rivals& rivals, int round, const Timing& timing,
                          Report& report);

// Measures what a full rule pack costs: calls without law and under the French pack, in turn. Law
// allows each consumer few calls, so this is done once, to consumers of its own.
absl::Status MeasureLaw(Session& session, Report& report);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_MEASURE_H_
