// SPDX-License-Identifier: Apache-2.0
//
// Manifest: what a backup says of itself, in a small text beside it.
//
// The text ends with the SHA-256 of all lines before; it holds the SHA-256 of the catalogue, which
// holds a checksum of every file. So a backup that agrees with its manifest is the one that was
// made, as far as chance goes; who can write to the folder can make another. That one is told by
// the journals' roots, which the ledger's checkpoints sign. Exact bytes: docs/formats/backup.md.
//
// There is one text for each manifest, and no personal data in it.

#ifndef CONSENT_BACKUP_MANIFEST_H_
#define CONSENT_BACKUP_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/instant.h"

namespace consent::backup {

struct BackedUpJournal {
  std::string origin;
  TreeSize size;
  Digest root;

  friend bool operator==(const BackedUpJournal&, const BackedUpJournal&) = default;
};

struct Manifest {
  static constexpr size_t kJournalsMax = 1024;

  uint32_t id = 0;     // 1 or more.
  Instant made_at;     // By the wall clock, when it was whole.
  std::string origin;  // The ledger's.
  uint32_t store_format = 0;
  std::string release;                    // Of the program that made it.
  uint64_t bytes = 0;                     // Of all its files.
  Digest catalogue;                       // SHA-256.
  std::vector<BackedUpJournal> journals;  // The directory's first.

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string WriteManifest(const Manifest& manifest);

// DataLoss says which line is not as expected; it quotes nothing.
absl::StatusOr<Manifest> ParseManifest(std::string_view text);

}  // namespace consent::backup

#endif  // CONSENT_BACKUP_MANIFEST_H_
