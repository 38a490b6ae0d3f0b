// SPDX-License-Identifier: Apache-2.0
//
// Opening a RocksDbStore: what must hold before the first byte is believed.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/env.h"
#include "src/base/status_macros.h"
#include "src/store/rocksdb_engine.h"
#include "src/store/strict_file_system.h"

namespace consent::store {
namespace {

using rocksdb::ColumnFamilyDescriptor;

// Failing to take the lock, as against failing to open its file.
bool IsLockHeld(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && absl::StrContains(text, "/LOCK") &&
         !absl::StrContains(text, "open a file for lock");
}

absl::Status FromOpen(const rocksdb::Status& status, const std::string& dir) {
  if (IsLockHeld(status)) {
    return absl::FailedPreconditionError(
        absl::StrCat("another process has ", dir, " open; if that is a consentd, stop it first"));
  }
  return FromRocksDb(status, absl::StrCat("open ", dir));
}

// Takes the store's lock where there is one. A copy need have no lock file; and where it cannot be
// opened, the disk or the user may not write, and no server can start either: `lock` stays nullptr.
absl::Status TakeLock(rocksdb::Env* env, const std::string& dir, rocksdb::FileLock** lock) {
  const std::string path = dir + "/LOCK";
  if (!env->FileExists(path).ok()) return absl::OkStatus();
  const rocksdb::Status status = env->LockFile(path, lock);
  return IsLockHeld(status) ? FromOpen(status, dir) : absl::OkStatus();
}

bool Exists(rocksdb::Env* env, const std::string& dir) {
  return env->FileExists(dir + "/CURRENT").ok();
}

// Data without the file that leads to them are a broken copy. To make a new store over it would
// delete what is left of the old one.
absl::Status CheckNothingToLose(rocksdb::Env* env, const std::string& dir) {
  std::vector<std::string> children;
  if (!env->GetChildren(dir, &children).ok()) return absl::OkStatus();  // No such folder yet.
  for (const std::string& child : children) {
    if (absl::EndsWith(child, ".sst") || absl::EndsWith(child, ".log")) {
      return absl::DataLossError(absl::StrCat(dir, " has the data file ", child,
                                              ", but no file CURRENT that leads to it"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckVersion(const std::string& dir, const std::string& found) {
  if (found == kFormatVersion) return absl::OkStatus();
  int ours = 0, theirs = 0;
  const bool known = absl::SimpleAtoi(std::string(kFormatVersion), &ours) &&
                     absl::SimpleAtoi(found, &theirs) && theirs > 0;
  const char* what_to_do = "; it is damaged, or no store of this program";
  if (known && theirs > ours) {
    what_to_do =
        "; a newer release has written it: run that one, or restore a backup made before the "
        "upgrade (consentctl restore)";
  } else if (found == kFormatBefore) {
    what_to_do =
        "; start consentd on it once, which brings it up to date, or take the release that wrote "
        "it";
  } else if (known) {
    what_to_do =
        "; it was written before the first release, and no release reads it: begin a new ledger";
  }
  return absl::FailedPreconditionError(absl::StrCat("store ", dir, ": expected format ",
                                                    std::string(kFormatVersion), ", found ", found,
                                                    what_to_do));
}

// A store that lacks a family is one that was never finished, or one of another format: which, its
// first family tells. Opening it would make the family.
absl::Status CheckUnfinished(rocksdb::Env* env, const std::string& dir,
                             const std::vector<ColumnFamilyDescriptor>& known) {
  const rocksdb::DBOptions options = MakeDbOptions({.env = env}, /*read_only=*/true);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(FromOpen(
      rocksdb::DB::OpenForReadOnly(options, dir, {known[kFacts]}, &handles, &opened), dir));
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::string found;
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), std::string(kFormatKey), &found);
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  if (status.IsNotFound()) return absl::OkStatus();
  RETURN_IF_ERROR(FromRocksDb(status, dir));
  RETURN_IF_ERROR(CheckVersion(dir, found));
  return absl::DataLossError(
      absl::StrCat("store ", dir, ": not all of its column families are there"));
}

// All families of `known`, and no others; or a store not yet finished.
absl::Status CheckFamilies(const rocksdb::DBOptions& options, const std::string& dir,
                           const std::vector<ColumnFamilyDescriptor>& known) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(FromOpen(rocksdb::DB::ListColumnFamilies(options, dir, &names), dir));
  for (const std::string& name : names) {
    if (std::none_of(known.begin(), known.end(),
                     [&](const ColumnFamilyDescriptor& d) { return d.name == name; })) {
      return absl::FailedPreconditionError(
          absl::StrCat("store ", dir, ": expected the column families of format ",
                       std::string(kFormatVersion), ", found `", name,
                       "`; a newer release may have written it: run that one, or restore a backup "
                       "made before the upgrade (consentctl restore)"));
    }
  }
  return names.size() < known.size() ? CheckUnfinished(options.env, dir, known) : absl::OkStatus();
}

// A crash while a catalogue is begun can leave one that nothing leads to. RocksDB keeps those with
// higher numbers than its own; they name keys, and a purge would wait for them in vain.
absl::Status RemoveStrayCatalogues(rocksdb::Env* env, const std::string& dir) {
  std::string current;
  RETURN_IF_ERROR(FromOpen(rocksdb::ReadFileToString(env, dir + "/CURRENT", &current), dir));
  std::vector<std::string> children;
  RETURN_IF_ERROR(FromOpen(env->GetChildren(dir, &children), dir));
  // What CURRENT says must itself be durable first: the last process may have ended before it was.
  std::unique_ptr<rocksdb::Directory> folder;
  RETURN_IF_ERROR(FromOpen(env->NewDirectory(dir, &folder), dir));
  RETURN_IF_ERROR(FromOpen(folder->Fsync(), dir));
  for (const std::string& child : children) {
    if (!absl::StartsWith(child, "MANIFEST-") || child + "\n" == current) continue;
    RETURN_IF_ERROR(FromOpen(env->DeleteFile(dir + "/" + child), dir));
  }
  return absl::OkStatus();
}

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

using Handles = std::array<rocksdb::ColumnFamilyHandle*, kFamilies>;

// From kFormatBefore, all at once: records are dropped, and so are the marks of what is in them.
// They follow from the journal; the ledger rebuilds them when it starts.
absl::Status BringUpToDate(rocksdb::DB& db, const Handles& families, const std::string& dir) {
  rocksdb::WriteBatch batch;
  const std::string past_all(32, '\xff');
  const std::string applied = AppliedKey(ShardId{}).substr(0, 1);
  batch.DeleteRange(families[kRecords], rocksdb::Slice(), past_all);
  batch.DeleteRange(families[kFacts], applied, applied + past_all);
  batch.Put(families[kFacts], std::string(kFormatKey), std::string(kFormatVersion));
  return FromRocksDb(db.Write(Synced(), &batch), dir);
}

// Checks the store's format version; writes it into a store that is still empty.
absl::Status CheckFormat(rocksdb::DB& db, const Handles& families, const std::string& dir,
                         bool read_only) {
  const std::string expected(kFormatVersion);
  std::string found;
  rocksdb::Status status = db.Get(rocksdb::ReadOptions(), std::string(kFormatKey), &found);
  if (status.IsNotFound()) {
    const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(rocksdb::ReadOptions()));
    it->SeekToFirst();
    if (it->Valid() || read_only) {
      return absl::FailedPreconditionError(
          absl::StrCat("store ", dir, ": expected format ", expected, ", found none"));
    }
    RETURN_IF_ERROR(FromRocksDb(it->status(), dir));
    return FromRocksDb(db.Put(Synced(), std::string(kFormatKey), expected), dir);
  }
  RETURN_IF_ERROR(FromRocksDb(status, dir));
  if (found == kFormatBefore && !read_only) return BringUpToDate(db, families, dir);
  return CheckVersion(dir, found);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RocksDbStore>> RocksDbStore::Open(const std::string& dir,
                                                                 const RocksDbOptions& options) {
  auto engine = std::make_unique<Engine>(dir, /*read_only=*/false, options);
  rocksdb::DBOptions db_options = MakeDbOptions(options, /*read_only=*/false);
  engine->strict = rocksdb::NewCompositeEnv(std::make_shared<StrictFileSystem>(
      db_options.env->GetFileSystem(), *engine->health, &engine->log_syncs));
  db_options.env = engine->strict.get();
  db_options.listeners.push_back(engine->background);
  const std::vector<ColumnFamilyDescriptor> families = MakeFamilies(options);
  // RocksDB would look at the lock only after moving the running server's log file aside.
  rocksdb::FileLock* lock = nullptr;
  RETURN_IF_ERROR(TakeLock(db_options.env, dir, &lock));
  if (lock != nullptr) db_options.env->UnlockFile(lock).PermitUncheckedError();
  if (Exists(db_options.env, dir)) {
    RETURN_IF_ERROR(CheckFamilies(db_options, dir, families));
    RETURN_IF_ERROR(RemoveStrayCatalogues(db_options.env, dir));
  } else {
    RETURN_IF_ERROR(CheckNothingToLose(db_options.env, dir));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(FromOpen(rocksdb::DB::Open(db_options, dir, families, &handles, &db), dir));
  engine->db.reset(db);
  std::copy(handles.begin(), handles.end(), engine->families.begin());
  engine->env = db_options.env;
  engine->statistics = db_options.statistics;
  RETURN_IF_ERROR(CheckFormat(*db, engine->families, dir, /*read_only=*/false));
  RETURN_IF_ERROR(FromOpen(engine->StaySwitchable(), dir));
  // RocksDB opens also where it could not write its OPTIONS.
  if (engine->health->failed()) return engine->health->Check();
  return std::unique_ptr<RocksDbStore>(new RocksDbStore(std::move(engine)));
}

absl::StatusOr<std::unique_ptr<RocksDbStore>> RocksDbStore::OpenReadOnly(
    const std::string& dir, const RocksDbOptions& options) {
  auto engine = std::make_unique<Engine>(dir, /*read_only=*/true, options);
  const rocksdb::DBOptions db_options = MakeDbOptions(options, /*read_only=*/true);
  engine->env = db_options.env;
  engine->statistics = db_options.statistics;
  if (!Exists(engine->env, dir)) {
    return absl::NotFoundError(absl::StrCat("there is no store in ", dir));
  }
  // RocksDB takes no lock to read. Without one, a server started now would delete files under us.
  RETURN_IF_ERROR(TakeLock(engine->env, dir, &engine->lock));
  const std::vector<ColumnFamilyDescriptor> families = MakeFamilies(options);
  RETURN_IF_ERROR(CheckFamilies(db_options, dir, families));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(
      FromOpen(rocksdb::DB::OpenForReadOnly(db_options, dir, families, &handles, &db), dir));
  engine->db.reset(db);
  std::copy(handles.begin(), handles.end(), engine->families.begin());
  RETURN_IF_ERROR(CheckFormat(*db, engine->families, dir, /*read_only=*/true));
  return std::unique_ptr<RocksDbStore>(new RocksDbStore(std::move(engine)));
}

}  // namespace consent::store
