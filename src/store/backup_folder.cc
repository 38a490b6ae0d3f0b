// SPDX-License-Identifier: Apache-2.0

#include "src/store/backup_folder.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "rocksdb/env.h"
#include "rocksdb/utilities/backup_engine.h"
#include "src/base/status_macros.h"
#include "src/store/rocksdb_engine.h"

namespace consent::store {
namespace {

using rocksdb::BackupEngine;
using rocksdb::BackupEngineReadOnly;
using rocksdb::BackupEngineReadOnlyBase;
using rocksdb::BackupInfo;

constexpr size_t kCatalogueBytesMax = size_t{64} << 20;
constexpr char kUnfinished[] = ".new";

// The parts of a folder of backups; whatever else lies there is somebody else's.
constexpr const char* kParts[] = {"meta", "private", "shared_checksum", "label", "LOCK"};

absl::Status FromBackup(const rocksdb::Status& status, const std::string& doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(doing, ": ", status.ToString());
  if (status.IsIncomplete()) return absl::AbortedError(text);
  if (status.IsCorruption() || status.IsNotFound()) return absl::DataLossError(text);
  return absl::UnavailableError(text);
}

// RocksDB reads a backup where it lies through names that must not depend on the working folder.
std::string Absolute(const std::string& path) {
  std::string absolute = std::filesystem::absolute(path).lexically_normal().string();
  while (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  return absolute;
}

std::string LabelFolder(const std::string& dir) { return dir + "/label"; }

rocksdb::BackupEngineOptions OptionsOf(const std::string& dir, rocksdb::Env* env) {
  rocksdb::BackupEngineOptions options(dir, env);
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.sync = true;
  // A text that old and new releases of RocksDB read.
  options.schema_version = 1;
  return options;
}

absl::Status SyncFolder(rocksdb::Env* env, const std::string& dir) {
  std::unique_ptr<rocksdb::Directory> folder;
  RETURN_IF_ERROR(FromBackup(env->NewDirectory(dir, &folder), dir));
  return FromBackup(folder->Fsync(), dir);
}

absl::Status SyncFile(rocksdb::Env* env, const std::string& path) {
  std::unique_ptr<rocksdb::WritableFile> file;
  RETURN_IF_ERROR(FromBackup(env->ReopenWritableFile(path, &file, rocksdb::EnvOptions()), path));
  RETURN_IF_ERROR(FromBackup(file->Fsync(), path));
  return FromBackup(file->Close(), path);
}

// Whole or not at all, and durable.
absl::Status WriteWhole(rocksdb::Env* env, const std::string& folder, const std::string& name,
                        const std::string& text) {
  const std::string path = absl::StrCat(folder, "/", name);
  const std::string unfinished = path + kUnfinished;
  RETURN_IF_ERROR(FromBackup(
      rocksdb::WriteStringToFile(env, text, unfinished, /*should_sync=*/true), unfinished));
  RETURN_IF_ERROR(FromBackup(env->RenameFile(unfinished, path), path));
  return SyncFolder(env, folder);
}

absl::StatusOr<std::string> ReadText(rocksdb::Env* env, const std::string& path, size_t bytes_max) {
  uint64_t size = 0;
  rocksdb::Status status = env->GetFileSize(path, &size);
  if (status.ok() && size > bytes_max) {
    return absl::DataLossError(
        absl::StrCat(path, ": expected at most ", bytes_max, " bytes, found ", size));
  }
  std::string text;
  if (status.ok()) status = rocksdb::ReadFileToString(env, path, &text);
  if (status.ok()) return text;
  return absl::DataLossError(absl::StrCat(path, ": ", status.ToString()));
}

// A misspelt folder must not become one of backups, nor lose what it holds.
absl::Status CheckParts(rocksdb::Env* env, const std::string& dir) {
  std::vector<std::string> children;
  RETURN_IF_ERROR(FromBackup(env->GetChildren(dir, &children), dir));
  for (const std::string& child : children) {
    if (child == "." || child == ".." || child == "lost+found") continue;
    if (std::find(std::begin(kParts), std::end(kParts), child) == std::end(kParts)) {
      return absl::FailedPreconditionError(absl::StrCat(
          dir, ": expected an empty folder or one of backups, found ", child, " in it"));
    }
  }
  return absl::OkStatus();
}

// The files that a catalogue names: its lines that hold a checksum, up to the first space.
std::vector<std::string> FilesIn(const std::string& catalogue) {
  std::vector<std::string> files;
  for (const absl::string_view line : absl::StrSplit(catalogue, '\n')) {
    if (!absl::StrContains(line, " crc32 ")) continue;
    files.emplace_back(line.substr(0, line.find(' ')));
  }
  return files;
}

}  // namespace

struct BackupFolder::Engine {
  std::string dir;
  rocksdb::Env* env = nullptr;
  rocksdb::FileLock* lock = nullptr;
  std::unique_ptr<BackupEngine> writing;  // One of these two.
  std::unique_ptr<BackupEngineReadOnly> reading;
  std::vector<BackupInfo> read;  // Keeps what copies are read through.

  ~Engine() {
    if (lock != nullptr) env->UnlockFile(lock).PermitUncheckedError();
  }
  const BackupEngineReadOnlyBase& base() const {
    if (writing != nullptr) return *writing;
    return *reading;
  }
  std::string LabelPath(uint32_t id) const { return absl::StrCat(LabelFolder(dir), "/", id); }
  std::vector<uint32_t> Labelled() const;
  absl::StatusOr<uint64_t> SizeOf(const std::string& file) const;
  // Copies that were interrupted, and labels of copies that are not there.
  absl::Status RemoveUnfinished();
};

std::vector<uint32_t> BackupFolder::Engine::Labelled() const {
  std::vector<std::string> children;
  std::vector<uint32_t> ids;
  if (!env->GetChildren(LabelFolder(dir), &children).ok()) return ids;
  for (const std::string& child : children) {
    uint32_t id = 0;
    if (absl::SimpleAtoi(child, &id)) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

absl::StatusOr<uint64_t> BackupFolder::Engine::SizeOf(const std::string& file) const {
  uint64_t size = 0;
  const std::string path = absl::StrCat(dir, "/", file);
  const rocksdb::Status status = env->GetFileSize(path, &size);
  if (status.ok()) return size;
  return absl::DataLossError(absl::StrCat(path, ": ", status.ToString()));
}

absl::Status BackupFolder::Engine::RemoveUnfinished() {
  const std::vector<uint32_t> labelled = Labelled();
  std::vector<BackupInfo> whole;
  writing->GetBackupInfo(&whole);
  for (const BackupInfo& copy : whole) {
    if (std::binary_search(labelled.begin(), labelled.end(), copy.backup_id)) continue;
    RETURN_IF_ERROR(FromBackup(writing->DeleteBackup(copy.backup_id), dir));
  }
  std::vector<rocksdb::BackupID> damaged;
  writing->GetCorruptedBackups(&damaged);
  for (const rocksdb::BackupID id : damaged) {
    if (std::binary_search(labelled.begin(), labelled.end(), id)) continue;
    RETURN_IF_ERROR(FromBackup(writing->DeleteBackup(id), dir));
  }
  return absl::OkStatus();
}

BackupFolder::BackupFolder(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
BackupFolder::~BackupFolder() = default;

absl::StatusOr<std::unique_ptr<BackupFolder>> BackupFolder::Open(const std::string& path,
                                                                 rocksdb::Env* env) {
  auto engine = std::make_unique<Engine>();
  const std::string dir = engine->dir = Absolute(path);
  engine->env = env != nullptr ? env : rocksdb::Env::Default();
  const auto as_setting = [&](const rocksdb::Status& status) {
    return status.ok() ? absl::OkStatus()
                       : absl::FailedPreconditionError(absl::StrCat(dir, ": ", status.ToString()));
  };
  RETURN_IF_ERROR(as_setting(engine->env->CreateDirIfMissing(dir)));
  RETURN_IF_ERROR(CheckParts(engine->env, dir));
  if (const rocksdb::Status status = engine->env->LockFile(dir + "/LOCK", &engine->lock);
      !status.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        dir,
        ": another process makes backups there, or it cannot be written to: ", status.ToString()));
  }
  RETURN_IF_ERROR(as_setting(engine->env->CreateDirIfMissing(LabelFolder(dir))));
  BackupEngine* opened = nullptr;
  RETURN_IF_ERROR(as_setting(
      BackupEngine::Open(OptionsOf(dir, engine->env), rocksdb::Env::Default(), &opened)));
  engine->writing.reset(opened);
  return std::unique_ptr<BackupFolder>(new BackupFolder(std::move(engine)));
}

absl::StatusOr<std::unique_ptr<BackupFolder>> BackupFolder::OpenReadOnly(const std::string& path,
                                                                         rocksdb::Env* env) {
  auto engine = std::make_unique<Engine>();
  const std::string dir = engine->dir = Absolute(path);
  engine->env = env != nullptr ? env : rocksdb::Env::Default();
  if (!engine->env->FileExists(LabelFolder(dir)).ok()) {
    return absl::NotFoundError(absl::StrCat("there are no backups in ", dir));
  }
  BackupEngineReadOnly* opened = nullptr;
  RETURN_IF_ERROR(FromBackup(
      BackupEngineReadOnly::Open(OptionsOf(dir, engine->env), rocksdb::Env::Default(), &opened),
      dir));
  engine->reading.reset(opened);
  return std::unique_ptr<BackupFolder>(new BackupFolder(std::move(engine)));
}

absl::StatusOr<BackupFolder::Copied> BackupFolder::Copy(RocksDbStore& store,
                                                        const Describe& describe) {
  RETURN_IF_ERROR(engine_->RemoveUnfinished());
  std::set<std::string> known;
  for (const uint32_t before : engine_->Labelled()) {
    ASSIGN_OR_RETURN(const std::string catalogue, Catalogue(before));
    for (std::string& file : FilesIn(catalogue)) known.insert(std::move(file));
  }
  rocksdb::BackupID id = 0;
  RETURN_IF_ERROR(store.CopyTo(*engine_->writing, id));
  ASSIGN_OR_RETURN(const std::string catalogue, Catalogue(id));
  Copied copied{.id = id};
  for (const std::string& file : FilesIn(catalogue)) {
    ASSIGN_OR_RETURN(const uint64_t size, engine_->SizeOf(file));
    copied.bytes += size;
    if (!known.contains(file)) copied.bytes_copied += size;
  }
  std::string label;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<RocksDbStore> copy, Read(id));
    ASSIGN_OR_RETURN(label, describe(copied, *copy, catalogue));
  }
  if (label.size() > kLabelBytesMax) return absl::InternalError("the label is too long");
  RETURN_IF_ERROR(WriteWhole(engine_->env, LabelFolder(engine_->dir), absl::StrCat(id), label));
  return copied;
}

void BackupFolder::Cancel() {
  if (engine_->writing != nullptr) engine_->writing->StopBackup();
}

std::vector<uint32_t> BackupFolder::Ids() const { return engine_->Labelled(); }

absl::StatusOr<std::string> BackupFolder::Label(uint32_t id) const {
  return ReadText(engine_->env, engine_->LabelPath(id), kLabelBytesMax);
}

absl::StatusOr<std::string> BackupFolder::Catalogue(uint32_t id) const {
  return ReadText(engine_->env, absl::StrCat(engine_->dir, "/meta/", id), kCatalogueBytesMax);
}

absl::StatusOr<uint64_t> BackupFolder::Bytes(uint32_t id) const {
  ASSIGN_OR_RETURN(const std::string catalogue, Catalogue(id));
  uint64_t sum = 0;
  for (const std::string& file : FilesIn(catalogue)) {
    ASSIGN_OR_RETURN(const uint64_t size, engine_->SizeOf(file));
    sum += size;
  }
  return sum;
}

absl::Status BackupFolder::Check(uint32_t id) const {
  return FromBackup(engine_->base().VerifyBackup(id, /*verify_with_checksum=*/true),
                    absl::StrCat("backup ", id));
}

absl::StatusOr<std::unique_ptr<RocksDbStore>> BackupFolder::Read(uint32_t id) {
  BackupInfo info;
  RETURN_IF_ERROR(
      FromBackup(engine_->base().GetBackupInfo(id, &info, true), absl::StrCat("backup ", id)));
  engine_->read.push_back(info);
  return RocksDbStore::OpenReadOnly(info.name_for_open, {.env = info.env_for_open.get()});
}

absl::Status BackupFolder::Restore(uint32_t id, const std::string& dir) const {
  rocksdb::Env* const env = rocksdb::Env::Default();
  RETURN_IF_ERROR(FromBackup(env->CreateDir(dir), dir));
  RETURN_IF_ERROR(FromBackup(engine_->base().RestoreDBFromBackup(id, dir, dir),
                             absl::StrCat("backup ", id, " to ", dir)));
  std::vector<std::string> children;
  RETURN_IF_ERROR(FromBackup(env->GetChildren(dir, &children), dir));
  for (const std::string& child : children) {
    if (child == "." || child == "..") continue;
    RETURN_IF_ERROR(SyncFile(env, absl::StrCat(dir, "/", child)));
  }
  return SyncFolder(env, dir);
}

absl::Status BackupFolder::Remove(uint32_t id) {
  RETURN_IF_ERROR(
      FromBackup(engine_->env->DeleteFile(engine_->LabelPath(id)), engine_->LabelPath(id)));
  RETURN_IF_ERROR(SyncFolder(engine_->env, LabelFolder(engine_->dir)));
  return FromBackup(engine_->writing->DeleteBackup(id), absl::StrCat("backup ", id));
}

}  // namespace consent::store
