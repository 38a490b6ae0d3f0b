// SPDX-License-Identifier: Apache-2.0
//
// Restored: the mark of a store that came out of a backup.
//
// Such a store does not know what was promised after the backup was made. Until somebody who does
// has been asked, it must sign nothing under the origin it had: the guard is asked, and where there
// is none that knows these journals, only an accepted loss (recover.h) leads on, under a new
// origin. The mark counts for the generation in which it was made, so that step ends it.
//
// Threads: as the store.

#ifndef CONSENT_LEDGER_RESTORED_H_
#define CONSENT_LEDGER_RESTORED_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/instant.h"
#include "src/ledger/guard.h"
#include "src/store/store.h"

namespace consent::ledger {

struct Restored {
  uint32_t generation = 0;  // The store's, when it was restored.
  uint32_t backup = 0;
  Instant made_at;   // When the backup was.
  bool cut = false;  // Its journals were cut short of the backup's, to look at.

  template <class A>
  void Fields(A& a) {
    a(generation), a(backup), a(made_at), a(cut);
  }
};

// Durable on OK.
absl::Status MarkRestored(store::Store& store, const Restored& restored);

// The mark, as long as it counts. DataLoss when it is malformed.
absl::StatusOr<std::optional<Restored>> ReadRestored(store::Store& store);

// OK unless the store bears the mark and `guard` (null: none) does not know all of its journals; or
// its journals were cut. FailedPrecondition says what to do.
absl::Status CheckRestored(store::Store& store, const Guard* guard);

// Whoever knew what was promised has been asked, and it is kept: takes the mark off.
absl::Status ClearRestored(store::Store& store);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_RESTORED_H_
