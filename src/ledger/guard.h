// SPDX-License-Identifier: Apache-2.0
//
// Guard: what was promised, kept outside the store.
//
// A file, best on another disk, that holds the last published checkpoint of each journal; and
// beside it FILE.erased, with the handles of the consumers who were erased. A store that was
// restored from a backup does not know what it has forgotten: the guard does. It holds no personal
// data; a handle names nobody once its secret is gone.
//
// Threads: safe for any.

#ifndef CONSENT_LEDGER_GUARD_H_
#define CONSENT_LEDGER_GUARD_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/mutex.h"

namespace consent::ledger {

class Guard {
 public:
  // The guard in `path`. An empty file is a new guard. NotFound when there is no such file;
  // FailedPrecondition when it cannot be read or is not a guard.
  static absl::StatusOr<std::unique_ptr<Guard>> Open(const std::string& path);
  // The same; makes an empty one where there is no file.
  static absl::StatusOr<std::unique_ptr<Guard>> Create(const std::string& path);

  // The signed note last kept for the journal `origin`.
  std::optional<std::string> Checkpoint(const std::string& origin) const;
  // Keeps the signed note instead of the one before; durable on OK.
  absl::Status Keep(const std::string& origin, const std::string& note);

  // Remembers that this handle's consumer is being erased; durable on OK. Called before the commit.
  absl::Status Erase(const Handle& handle);
  std::vector<Handle> Erased() const;

 private:
  explicit Guard(std::string path) : path_(std::move(path)) {}
  absl::Status Read();

  const std::string path_;
  mutable Mutex mutex_;
  std::map<std::string, std::string> checkpoints_ ABSL_GUARDED_BY(mutex_);  // By origin.
  std::vector<Handle> erased_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_GUARD_H_
