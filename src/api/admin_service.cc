// SPDX-License-Identifier: Apache-2.0

#include "src/api/admin_service.h"

#include <utility>

#include "src/api/error.h"
#include "src/base/fault.h"

namespace consent::api {
namespace {

absl::Status Encode(const absl::StatusOr<BackupMade>& made, v1::MakeBackupResponse* response) {
  if (!made.ok()) return made.status();
  response->set_backup_id(made->id);
  response->set_bytes(made->bytes);
  response->set_bytes_copied(made->bytes_copied);
  response->set_duration_ms(made->duration_ms);
  for (const BackupMade::Journal& journal : made->journals) {
    v1::BackedUpJournal* const out = response->add_journals();
    out->set_journal_origin(journal.origin);
    out->set_size(journal.size.value);
    out->set_root_hash(journal.root.str());
  }
  return absl::OkStatus();
}

}  // namespace

void AdminService::MakeBackup(UnaryCall* call, v1::MakeBackupResponse* response) {
  if (context_.backups == nullptr) {
    call->Finish(Fault(absl::StatusCode::kFailedPrecondition, "NO_BACKUP_FOLDER",
                       "this service has no folder for backups; start it with --backup DIR"));
    return;
  }
  if (!workers_.Run([this, call, response] {
        call->Finish(Encode(context_.backups->MakeBackup(), response));
      })) {
    call->Finish(TooManyReads());
  }
}

}  // namespace consent::api
