// SPDX-License-Identifier: Apache-2.0
//
// How long the checks take that anybody can make of a ledger that has stopped: consentctl replay
// and consentctl verify, as a user would run them.

#ifndef CONSENT_BENCH_MEASURE_CHECKS_H_
#define CONSENT_BENCH_MEASURE_CHECKS_H_

#include <string>

#include "absl/status/status.h"
#include "bench/report.h"

namespace consent::bench {

struct StoppedLedger {
  std::string consentctl;   // The program.
  std::string folder;       // The ledger's; its server has stopped.
  std::string scratch;      // A folder for files of no further use.
  std::string journal_key;  // The C2SP verifier key of its journal.
};

// `ingest_per_second`: decisions that the ledger made in batches, to compare with. Internal when a
// check fails.
absl::Status MeasureChecks(const StoppedLedger& ledger, double ingest_per_second, Report& report);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_MEASURE_CHECKS_H_
