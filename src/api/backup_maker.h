// SPDX-License-Identifier: Apache-2.0
//
// BackupMaker: whoever makes backups of the ledger that is served.
//
// Threads: MakeBackup from any, also while one is under way.

#ifndef CONSENT_API_BACKUP_MAKER_H_
#define CONSENT_API_BACKUP_MAKER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/ids.h"

namespace consent::api {

struct BackupMade {
  struct Journal {
    std::string origin;
    TreeSize size;
    Digest root;
  };
  uint32_t id = 0;
  uint64_t bytes = 0;
  uint64_t bytes_copied = 0;
  int64_t duration_ms = 0;
  std::vector<Journal> journals;
};

class BackupMaker {
 public:
  virtual ~BackupMaker() = default;
  // Makes one, durable on OK, that holds everything acknowledged before. Faults: BACKUP_UNDER_WAY,
  // BACKUP_FAILED, SHUTTING_DOWN.
  virtual absl::StatusOr<BackupMade> MakeBackup() = 0;
};

}  // namespace consent::api

#endif  // CONSENT_API_BACKUP_MAKER_H_
