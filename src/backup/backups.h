// SPDX-License-Identifier: Apache-2.0
//
// Backups: a ledger's backups in one folder, each with a manifest (manifest.h).
//
// A backup is the store's files, as they stood at one moment while the ledger went on. It holds
// everything that was acknowledged before it was begun. It does not hold the keys in DATA/keys, nor
// the guard. An interrupted backup has no manifest, is not listed, and is removed by the next.
//
// Threads: one at a time, but for Cancel.

#ifndef CONSENT_BACKUP_BACKUPS_H_
#define CONSENT_BACKUP_BACKUPS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/backup/manifest.h"
#include "src/base/clock.h"
#include "src/store/backup_folder.h"
#include "src/store/store.h"

namespace consent::backup {

// Told how many entries have been read.
using Progress = std::function<void(uint64_t entries)>;

// Whether the store holds the journals that the manifest says, entry for entry: their leaves hash
// to its roots. DataLoss names the journal.
absl::Status CheckJournals(store::Store& store, const Manifest& manifest,
                           const Progress& progress = {});

class Backups {
 public:
  // To make backups of the ledger `origin`; makes the folder if need be. FailedPrecondition when
  // the folder holds another ledger's, is in use, or cannot be written to.
  static absl::StatusOr<std::unique_ptr<Backups>> Open(const std::string& dir,
                                                       const std::string& origin);
  // To look at them. NotFound when there are none in `dir`.
  static absl::StatusOr<std::unique_ptr<Backups>> OpenReadOnly(const std::string& dir);

  struct Made {
    Manifest manifest;
    uint64_t bytes_copied = 0;
  };
  // Makes one, durable on OK, and then removes the oldest so that `keep` remain. FailedPrecondition
  // when the store is not of a kind that can be copied while it is open; Unavailable when it could
  // not be written; Aborted after Cancel. After an error those of before are as they were.
  absl::StatusOr<Made> Make(store::Store& store, const Clock& clock, const std::string& release,
                            size_t keep);
  void Cancel() { folder_->Cancel(); }

  // A backup, or what is wrong with it at first sight: its manifest, and the sizes of its files.
  struct Listed {
    uint32_t id = 0;
    absl::StatusOr<Manifest> manifest;
  };
  // The oldest first.
  std::vector<Listed> List() const;

  // Reads all of a backup: manifest, the checksum of each file, each entry of the journals.
  // DataLoss says what differs.
  absl::StatusOr<Manifest> Verify(uint32_t id, const Progress& progress = {});

  store::BackupFolder& folder() { return *folder_; }
  // The manifest, if it is that of this backup, catalogue and all; does not look at the files.
  absl::StatusOr<Manifest> ReadManifest(uint32_t id) const;

 private:
  explicit Backups(std::unique_ptr<store::BackupFolder> folder) : folder_(std::move(folder)) {}

  const std::unique_ptr<store::BackupFolder> folder_;
};

}  // namespace consent::backup

#endif  // CONSENT_BACKUP_BACKUPS_H_
