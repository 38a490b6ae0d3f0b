// SPDX-License-Identifier: Apache-2.0
//
// Restore: a backup becomes a data folder again.
//
// Whole or not at all: the store is made beside its place, checked against the manifest entry by
// entry, marked as restored (src/ledger/restored.h), made durable, and only then put in its place.
// The keys are not in a backup: put them into DATA/keys, before or after.
//
// It may be cut: then it holds the journals as they stood at an earlier moment, and nothing derived
// from them, which a replay makes. Such a store is for looking at.
//
// Threads: none.

#ifndef CONSENT_BACKUP_RESTORE_H_
#define CONSENT_BACKUP_RESTORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/backup/backups.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/journal/sealed_store.h"

namespace consent::backup {

// Where the journals end. Exactly one is set.
struct Cut {
  std::optional<Instant> until = {};  // The last entries of this time or before.
  std::optional<TreeSize> size = {};  // So many entries of the consumers' journal, and the
                                      // directory as it stood at the last of them.
};

struct RestoreRequest {
  uint32_t id = 0;   // 0: the newest that is whole at first sight.
  std::string data;  // Must not exist, be empty, or hold `keys` alone.
  std::optional<Cut> cut = {};
  // For a cut, which looks into the openings: the keys under which their secrets are sealed.
  std::vector<journal::MasterKey> master = {};
};

struct RestoreReport {
  Manifest manifest;
  // What the restored store holds; less than the manifest says where it was cut.
  std::vector<BackedUpJournal> journals;
  // Consumers who were erased after the cut: what is about them cannot be opened.
  uint64_t erased_later = 0;
};

// FailedPrecondition when the folder holds something, or the cut is not within the backup; DataLoss
// when the backup is damaged; NotFound when there is no such backup. Then nothing is left behind.
absl::StatusOr<RestoreReport> Restore(Backups& backups, RestoreRequest request,
                                      const Progress& progress = {});

}  // namespace consent::backup

#endif  // CONSENT_BACKUP_RESTORE_H_
