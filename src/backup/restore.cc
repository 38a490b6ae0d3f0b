// SPDX-License-Identifier: Apache-2.0

#include "src/backup/restore.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/backup/cut.h"
#include "src/base/status_macros.h"
#include "src/ledger/loss.h"
#include "src/ledger/restored.h"
#include "src/store/rocksdb_store.h"

namespace consent::backup {
namespace {

namespace fs = std::filesystem;

constexpr char kUnfinished[] = "store.restoring";
constexpr char kCutting[] = "store.cutting";

// Removes a folder at the end, unless it has been moved to its place.
class Scaffold {
 public:
  explicit Scaffold(std::string path) : path_(std::move(path)) { Remove(); }
  ~Scaffold() { Remove(); }
  Scaffold(const Scaffold&) = delete;
  Scaffold& operator=(const Scaffold&) = delete;
  const std::string& path() const { return path_; }

 private:
  void Remove() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const std::string path_;
};

absl::Status SyncFolder(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) close(fd);
  if (synced) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(path, ": ", std::strerror(error)));
}

// What an interrupted restore has left is its own.
absl::Status CheckEmpty(const std::string& data) {
  std::error_code error;
  if (!fs::exists(data, error)) return absl::OkStatus();
  for (const auto& entry : fs::directory_iterator(data, error)) {
    const std::string name = entry.path().filename().string();
    if (name == "keys" || name.starts_with("audit.log") || name == "lost+found" ||
        name == kUnfinished || name == kCutting)
      continue;
    return absl::FailedPreconditionError(absl::StrCat(
        data, ": expected an empty folder, or one that holds `keys` and audit logs alone, found ",
        name, " in it; nothing was changed"));
  }
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(data, ": ", error.message()));
}

absl::StatusOr<uint32_t> Newest(const Backups& backups) {
  const std::vector<Backups::Listed> listed = backups.List();
  for (auto it = listed.rbegin(); it != listed.rend(); ++it) {
    if (it->manifest.ok()) return it->id;
  }
  return absl::NotFoundError(listed.empty() ? "there is no backup in the folder"
                                            : "no backup in the folder is whole");
}

absl::Status Mark(store::Store& store, const Manifest& manifest, bool cut) {
  ASSIGN_OR_RETURN(const uint32_t generation, ledger::ReadGeneration(store));
  return ledger::MarkRestored(
      store,
      {.generation = generation, .backup = manifest.id, .made_at = manifest.made_at, .cut = cut});
}

}  // namespace

absl::StatusOr<RestoreReport> Restore(Backups& backups, RestoreRequest request,
                                      const Progress& progress) {
  RETURN_IF_ERROR(CheckEmpty(request.data));
  uint32_t id = request.id;
  if (id == 0) {
    ASSIGN_OR_RETURN(id, Newest(backups));
  }
  RestoreReport report;
  ASSIGN_OR_RETURN(report.manifest, backups.ReadManifest(id));
  report.journals = report.manifest.journals;
  std::error_code error;
  fs::create_directories(request.data, error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat(request.data, ": ", error.message()));
  }
  const Scaffold whole(absl::StrCat(request.data, "/", kUnfinished));
  const Scaffold part(absl::StrCat(request.data, "/", kCutting));
  RETURN_IF_ERROR(backups.folder().Restore(id, whole.path()));
  {
    ASSIGN_OR_RETURN(const auto store, store::RocksDbStore::Open(whole.path()));
    RETURN_IF_ERROR(CheckJournals(*store, report.manifest, progress));
    if (!request.cut.has_value()) {
      RETURN_IF_ERROR(Mark(*store, report.manifest, /*cut=*/false));
    } else {
      ASSIGN_OR_RETURN(const auto cut, store::RocksDbStore::Open(part.path()));
      ASSIGN_OR_RETURN(const auto opened,
                       journal::SealedStore::Open(*store, std::move(request.master),
                                                  journal::SealedStore::Use::kRead));
      ASSIGN_OR_RETURN(CutJournals journals,
                       CopyUntil(*store, *opened, *request.cut, *cut, progress));
      RETURN_IF_ERROR(Mark(*cut, report.manifest, /*cut=*/true));
      report.journals = std::move(journals.journals);
      report.erased_later = journals.erased_later;
    }
  }
  const std::string& made = request.cut.has_value() ? part.path() : whole.path();
  RETURN_IF_ERROR(SyncFolder(made));
  fs::rename(made, request.data + "/store", error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat(request.data, "/store: ", error.message()));
  }
  RETURN_IF_ERROR(SyncFolder(request.data));
  return report;
}

}  // namespace consent::backup
