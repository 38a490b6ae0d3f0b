// SPDX-License-Identifier: Apache-2.0
//
// ClockAnchor: what a ledger's clocks showed when it was last open.
//
// A wall clock that jumps while the process runs is found by LedgerClock. One that jumps while it
// is down would open next year's limits all the same. So a ledger keeps its clocks' reading in the
// store, as a fact, and compares when it opens: exactly, while the machine has not been started
// again meanwhile; roughly, when it has.

#ifndef CONSENT_LEDGER_CLOCK_ANCHOR_H_
#define CONSENT_LEDGER_CLOCK_ANCHOR_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/instant.h"
#include "src/store/store.h"

namespace consent::ledger {

// After a start of the machine the wall clock alone says how long it was off. It is not believed
// when it says that this was longer; a battery that died, or a hand, would say so too.
inline constexpr absl::Duration kUnwatchedMax = absl::Hours(7 * 24);

// Whether the wall clock can be believed, by what the store holds and by `last_at`, the time of the
// last entry of any journal. FailedPrecondition says by how much it is off, and what to do.
absl::Status CheckClock(store::Store& store, const Clock& clock, Instant last_at);

// Keeps what the clocks show now; durable on return.
absl::Status DropAnchor(store::Store& store, const Clock& clock);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_CLOCK_ANCHOR_H_
