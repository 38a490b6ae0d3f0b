// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/ledger_clock.h"

#include <algorithm>
#include <cstdlib>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/fault.h"

namespace consent::ledger {
namespace {

// A clock that is being slewed runs up to 0.05 % fast or slow; twice that is no jump.
constexpr int64_t kSlewDivisor = 1000;

}  // namespace

int64_t Stray(int64_t wall_passed_ms, int64_t steady_passed_ms) {
  const int64_t stray_ms = wall_passed_ms - steady_passed_ms;
  const int64_t allowed_ms = LedgerClock::kToleranceMs + steady_passed_ms / kSlewDivisor;
  return std::abs(stray_ms) > allowed_ms ? stray_ms : 0;
}

LedgerClock::LedgerClock(const Clock& clock)
    : clock_(clock),
      first_wall_ms_(clock.WallMillis()),
      first_steady_ms_(clock.SteadyMillis()),
      wall_ms_(first_wall_ms_),
      steady_ms_(first_steady_ms_) {}

void LedgerClock::Watch() { NowMillis(Instant{}).IgnoreError(); }  // It remembers what it sees.

bool LedgerClock::believed() const {
  MutexLock lock(&mutex_);
  return doubt_.empty();
}

absl::StatusOr<int64_t> LedgerClock::NowMillis(Instant floor) {
  MutexLock lock(&mutex_);
  const int64_t wall_ms = clock_.WallMillis();
  const int64_t steady_ms = clock_.SteadyMillis();
  const int64_t jump_ms = Stray(wall_ms - wall_ms_, steady_ms - steady_ms_);
  const int64_t drift_ms = Stray(wall_ms - first_wall_ms_, steady_ms - first_steady_ms_);
  if (const int64_t stray_ms = jump_ms != 0 ? jump_ms : drift_ms; doubt_.empty() && stray_ms != 0) {
    doubt_ = absl::StrCat("the wall clock moved by ", stray_ms,
                          " ms against the steady one; nothing is written until the time has been "
                          "checked and the service started again");
  }
  if (!doubt_.empty()) return Fault(absl::StatusCode::kUnavailable, "CLOCK_UNCERTAIN", doubt_);
  wall_ms_ = wall_ms;
  steady_ms_ = steady_ms;
  const int64_t floor_ms = floor.unix_seconds * 1000;
  if (wall_ms < floor_ms - kToleranceMs) {
    return Fault(absl::StatusCode::kUnavailable, "CLOCK_UNCERTAIN",
                 absl::StrCat("the clock stands ", floor_ms - wall_ms,
                              " ms before the journal's last entry; nothing is written until it "
                              "has caught up or the time has been corrected"));
  }
  return std::max(wall_ms, floor_ms);
}

}  // namespace consent::ledger
