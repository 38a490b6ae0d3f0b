// SPDX-License-Identifier: Apache-2.0
//
// LedgerClock: the time that decisions are taken at.
//
// Invariant: it never goes back, and never believes a wall clock that jumped. A clock in the
// future would open next year's limits; one in the past would close journals to their own entries.
// Once in doubt it stays in doubt until the process is started again by somebody who has looked.

#ifndef CONSENT_LEDGER_LEDGER_CLOCK_H_
#define CONSENT_LEDGER_LEDGER_CLOCK_H_

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/base/instant.h"
#include "src/base/mutex.h"

namespace consent::ledger {

// By how many milliseconds the wall clock has moved against the steady one; 0 when by no more than
// it may, which is LedgerClock::kToleranceMs and a thousandth of the time that has passed.
int64_t Stray(int64_t wall_passed_ms, int64_t steady_passed_ms);

// Threads: safe for any.
class LedgerClock {
 public:
  // How far the wall clock may stray from the steady one, or stand behind the last entry. On top of
  // it, a thousandth of the time that has passed: clocks are slewed.
  static constexpr int64_t kToleranceMs = 2000;

  explicit LedgerClock(const Clock& clock);

  // The time now, in Unix milliseconds, not before `floor` (the time of the last entry).
  // Unavailable (CLOCK_UNCERTAIN) when the wall clock has jumped, or is behind `floor` by more
  // than the tolerance.
  absl::StatusOr<int64_t> NowMillis(Instant floor);

  // Looks at the clocks, so that a jump is seen when it happens, and not among all that has been
  // slewed until somebody asks for the time. To be called often while nobody does.
  void Watch();

  // False once the clock is in doubt.
  bool believed() const;

 private:
  const Clock& clock_;
  mutable Mutex mutex_;
  // Both clocks when this one was made, and when it was last asked. Against the first, a clock that
  // runs wrong is found, a little at a time; against the last, one that jumps.
  const int64_t first_wall_ms_;
  const int64_t first_steady_ms_;
  int64_t wall_ms_ ABSL_GUARDED_BY(mutex_);
  int64_t steady_ms_ ABSL_GUARDED_BY(mutex_);
  std::string doubt_ ABSL_GUARDED_BY(mutex_);  // Why; empty while the clock is believed.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_LEDGER_CLOCK_H_
