// SPDX-License-Identifier: Apache-2.0
//
// Recover: going on with a store that has lost entries, when somebody accepts that.
//
// Each journal gets a RECOVERED entry that cites what was kept and what is known to have been
// promised, and goes on under a new origin: the old one has promised other trees, and must never
// sign another. What follows for consumers is the core's (core::Loss).
//
// Threads: none; the ledger must be stopped.

#ifndef CONSENT_LEDGER_RECOVER_H_
#define CONSENT_LEDGER_RECOVER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/ledger/guard.h"
#include "src/store/store.h"

namespace consent::ledger {

struct RecoverOptions {
  // Knows what was promised, if it is there; null for none.
  const Guard* guard = nullptr;
};

struct RecoveredJournal {
  ShardId shard;
  std::string old_origin;
  std::string new_origin;
  TreeSize kept_size;
  Digest kept_root;
  // The largest checkpoint that store or guard know to have been published; 0 when they know none.
  TreeSize promised_size;
  Digest promised_root;
  Instant lost_from;                    // The time of the last entry kept.
  std::optional<LeafIndex> entry;       // RECOVERED; none: not written (yet).
  std::optional<Instant> recovered_at;  // Its time.
};

struct RecoverReport {
  uint32_t generation = 0;                 // How many losses will then have been accepted.
  std::vector<RecoveredJournal> journals;  // The directory's first.
};

// What Recover would do; writes nothing. FailedPrecondition when the store holds no ledger.
absl::StatusOr<RecoverReport> SurveyLoss(store::Store& store, const RecoverOptions& options);

// Does it: durable on OK. Interrupted, it is to be called again, and finishes what it began; a call
// after that accepts another loss. Errors: those of SurveyLoss; FailedPrecondition when the store
// was cut before somebody's erasure; Unavailable (CLOCK_UNCERTAIN) when
// the clock stands behind the last entry kept; DataLoss when a journal's end cannot be read.
absl::StatusOr<RecoverReport> Recover(store::Store& store, const Clock& clock,
                                      const RecoverOptions& options);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_RECOVER_H_
