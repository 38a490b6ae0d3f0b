// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/backup_clerk.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"

namespace consent::consentd {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kRetryAfter = absl::Minutes(1);

// Whether `inner` is `outer`, or lies in it; neither need exist.
bool LiesWithin(const std::string& inner, const std::string& outer) {
  std::error_code error;
  const fs::path a = fs::weakly_canonical(fs::absolute(inner, error), error);
  const fs::path b = fs::weakly_canonical(fs::absolute(outer, error), error);
  const auto [end, ignored] = std::mismatch(b.begin(), b.end(), a.begin(), a.end());
  // A path that ends with a slash has an empty last part.
  return end == b.end() || (std::next(end) == b.end() && end->empty());
}

absl::Status Stopping() {
  return Fault(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "the service is stopping");
}

api::BackupMade ToMade(const backup::Backups::Made& made, int64_t duration_ms) {
  api::BackupMade out{.id = made.manifest.id,
                      .bytes = made.manifest.bytes,
                      .bytes_copied = made.bytes_copied,
                      .duration_ms = duration_ms,
                      .journals = {}};
  for (const backup::BackedUpJournal& journal : made.manifest.journals) {
    out.journals.push_back({journal.origin, journal.size, journal.root});
  }
  return out;
}

}  // namespace

absl::Status CheckBackupSettings(const Config& config) {
  if (config.backup.empty()) {
    if (config.backup_minutes == 0) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "backup-minutes: expected --backup DIR beside it, found none; name the folder for backups");
  }
  if (LiesWithin(config.backup, config.data) || LiesWithin(config.data, config.backup)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "backup: expected a folder outside of the data folder, best on another disk, found ",
        config.backup, " beside --data ", config.data));
  }
  return absl::OkStatus();
}

absl::Status PrepareBackupFolder(const Config& config) {
  if (config.backup.empty()) return absl::OkStatus();
  std::error_code error;
  fs::create_directories(config.backup, error);
  if (!error && access(config.backup.c_str(), W_OK | X_OK) != 0) {
    error.assign(errno, std::generic_category());
  }
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("backup: expected a folder that this user can write to, or can make, found ",
                   config.backup, ": ", error.message()));
}

BackupClerk::BackupClerk(const Config& config, store::Store& store, const Clock& clock,
                         Report report)
    : interval_(absl::Minutes(config.backup_minutes)),
      keep_(config.backup_keep),
      store_(store),
      clock_(clock),
      report_(std::move(report)) {}

absl::StatusOr<std::unique_ptr<BackupClerk>> BackupClerk::Open(const Config& config,
                                                               const std::string& origin,
                                                               store::Store& store,
                                                               const Clock& clock, Report report) {
  auto clerk =
      std::unique_ptr<BackupClerk>(new BackupClerk(config, store, clock, std::move(report)));
  absl::StatusOr<std::unique_ptr<backup::Backups>> backups =
      backup::Backups::Open(config.backup, origin);
  if (!backups.ok()) {
    return absl::FailedPreconditionError(absl::StrCat("backup: ", backups.status().message()));
  }
  clerk->backups_ = *std::move(backups);
  for (const backup::Backups::Listed& listed : clerk->backups_->List()) {
    MutexLock lock(&clerk->mutex_);
    if (listed.manifest.ok()) clerk->newest_ms_ = listed.manifest->made_at.unix_seconds * 1000;
  }
  return clerk;
}

BackupClerk::~BackupClerk() { Stop(); }

absl::StatusOr<api::BackupMade> BackupClerk::MakeBackup() {
  {
    MutexLock lock(&mutex_);
    if (stopping_) return Stopping();
    if (busy_) {
      return Fault(absl::StatusCode::kAborted, "BACKUP_UNDER_WAY",
                   "a backup is being made already; ask again when it is done");
    }
    busy_ = true;
  }
  const int64_t began_ms = clock_.SteadyMillis();
  const absl::StatusOr<backup::Backups::Made> made =
      backups_->Make(store_, clock_, CONSENT_VERSION, keep_);
  absl::StatusOr<api::BackupMade> result =
      made.ok() ? ToMade(*made, clock_.SteadyMillis() - began_ms)
                : absl::StatusOr<api::BackupMade>(
                      Fault(absl::StatusCode::kUnavailable, "BACKUP_FAILED",
                            absl::StrCat("no backup was made: ", made.status().message(),
                                         "; those of before are as they were")));
  {
    MutexLock lock(&mutex_);
    busy_ = false;
    if (result.ok()) newest_ms_ = clock_.WallMillis();
    if (stopping_ && !result.ok()) result = Stopping();
  }
  if (report_) report_(result);
  return result;
}

absl::Duration BackupClerk::AgeOfNewest() const {
  MutexLock lock(&mutex_);
  if (newest_ms_ == 0) return absl::InfiniteDuration();
  return absl::Milliseconds(std::max<int64_t>(0, clock_.WallMillis() - newest_ms_));
}

Rest BackupClerk::Step(Call call) {
  if (call == Call::kFinish) return Rest::Ended();
  if (AgeOfNewest() >= interval_ && !MakeBackup().ok()) {
    return Rest::AtMost(std::min(interval_, kRetryAfter));
  }
  return Rest::AtMost(std::max(interval_ - AgeOfNewest(), absl::Seconds(1)));
}

void BackupClerk::Start() {
  if (interval_ == absl::ZeroDuration()) return;
  worker_ = threads_.Start("backups", [this](Call call) { return Step(call); });
}

void BackupClerk::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    if (busy_) backups_->Cancel();
  }
  if (worker_ != nullptr) worker_->Finish();
}

}  // namespace consent::consentd
