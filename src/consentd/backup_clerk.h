// SPDX-License-Identifier: Apache-2.0
//
// BackupClerk: makes backups while the service serves, on demand and by the clock.
//
// One backup at a time; who asks during one is told so. A backup by the clock is made when the
// newest is older than the interval, so restarts neither skip nor add any. One that fails is
// reported and tried again, after a minute at most.
//
// Threads: all methods from any thread, Start and Stop once each.

#ifndef CONSENT_CONSENTD_BACKUP_CLERK_H_
#define CONSENT_CONSENTD_BACKUP_CLERK_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/api/backup_maker.h"
#include "src/backup/backups.h"
#include "src/base/clock.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"
#include "src/consentd/config.h"
#include "src/store/store.h"

namespace consent::consentd {

// Whether the folder of --backup can be that of a service with these settings. InvalidArgument
// names the setting, what was expected and what to do.
absl::Status CheckBackupSettings(const Config& config);

// Makes that folder if it is missing, and tries whether it can be written to, before anything else
// is opened. FailedPrecondition says why not.
absl::Status PrepareBackupFolder(const Config& config);

class BackupClerk final : public api::BackupMaker {
 public:
  // Told of each backup, and of each that failed.
  using Report = std::function<void(const absl::StatusOr<api::BackupMade>&)>;

  // Opens the folder, or makes it. FailedPrecondition as Backups::Open. The store and the clock
  // must outlive the clerk.
  static absl::StatusOr<std::unique_ptr<BackupClerk>> Open(const Config& config,
                                                           const std::string& origin,
                                                           store::Store& store, const Clock& clock,
                                                           Report report);
  ~BackupClerk() override;

  absl::StatusOr<api::BackupMade> MakeBackup() override;

  // Begins to make backups by the clock, if the settings have an interval.
  void Start();
  // Ends one that is under way, and makes no more.
  void Stop();

 private:
  BackupClerk(const Config& config, store::Store& store, const Clock& clock, Report report);
  Rest Step(Call call);
  // How long ago the newest was made; infinite: there is none.
  absl::Duration AgeOfNewest() const;

  const absl::Duration interval_;  // Zero: none by the clock.
  const size_t keep_;
  store::Store& store_;
  const Clock& clock_;
  const Report report_;
  std::unique_ptr<backup::Backups> backups_;  // Used by whoever has set busy_.
  mutable Mutex mutex_;
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t newest_ms_ ABSL_GUARDED_BY(mutex_) = 0;  // 0: there is none.
  Threads threads_;
  std::unique_ptr<Worker> worker_;
};

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_BACKUP_CLERK_H_
