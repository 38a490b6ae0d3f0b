// SPDX-License-Identifier: Apache-2.0
//
// CopyUntil: the beginning of a ledger's journals, written into a new store.
//
// Copied are entries, openings, those secrets that are still there, and the facts that say whose
// ledger it is and what it has promised. Records, index and tiles follow from these. Consumers who
// were erased after the cut stay erased: their handles are kept as a fact (journal/reader.h).
//
// Threads: none.

#ifndef CONSENT_BACKUP_CUT_H_
#define CONSENT_BACKUP_CUT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "src/backup/manifest.h"
#include "src/backup/restore.h"
#include "src/store/store.h"

namespace consent::backup {

struct CutJournals {
  std::vector<BackedUpJournal> journals;
  uint64_t erased_later = 0;
};

// Writes to `to`, which is empty. Secrets are copied as they lie in `from`; `opened` is the same
// store to whoever has its master keys. FailedPrecondition when `from` holds fewer entries, or was
// recovered after the cut: from there it goes by another origin.
absl::StatusOr<CutJournals> CopyUntil(store::Store& from, store::Store& opened, const Cut& cut,
                                      store::Store& to, const Progress& progress);

}  // namespace consent::backup

#endif  // CONSENT_BACKUP_CUT_H_
