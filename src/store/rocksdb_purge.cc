// SPDX-License-Identifier: Apache-2.0
//
// RocksDbStore::PurgeErased: files that hold what has been erased are replaced and removed.
//
// Where the bytes of a deleted row can lie, and what ends them:
//   the log, and memory       all families are flushed: their logs are then of no use
//   tables                    those of secrets, records and contacts are all written anew, down to
//                             the last level, where the marks of deletion too are dropped
//   the catalogue (MANIFEST)  names each table's first and last key. It begins anew at each change
//                             (rocksdb_options.cc), first with the files as they were: so one more
//                             change, after the tables, is made on purpose
// RocksDB removes what is of no use itself, but not while a reader uses it: this waits.

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "rocksdb/metadata.h"
#include "rocksdb/options.h"
#include "src/base/status_macros.h"
#include "src/store/rocksdb_engine.h"

namespace consent::store {
namespace {

using Names = std::set<std::string>;
using Handles = std::array<rocksdb::ColumnFamilyHandle*, kFamilies>;

constexpr Family kErasable[] = {kSecrets, kRecords, kContacts};
// A table that was being compacted by RocksDB itself may escape the first rewriting.
constexpr int kTriesMax = 5;
constexpr absl::Duration kReadersMax = absl::Minutes(1);
constexpr absl::Duration kBetweenLooks = absl::Milliseconds(20);

// The tables of the families that erasure deletes from.
Names ErasableTables(rocksdb::DB& db, const Handles& families) {
  Names names;
  for (const Family family : kErasable) {
    rocksdb::ColumnFamilyMetaData tables;
    db.GetColumnFamilyMetaData(families[family], &tables);
    for (const auto& level : tables.levels) {
      for (const auto& table : level.files) names.insert(table.relative_filename);
    }
  }
  return names;
}

bool Meet(const Names& a, const Names& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.contains(name); });
}

}  // namespace

absl::StatusOr<std::set<std::string>> RocksDbStore::Engine::FilesNamed(
    std::string_view part) const {
  std::vector<std::string> children;
  RETURN_IF_ERROR(FromRocksDb(env->GetChildren(dir, &children), dir));
  Names names;
  for (std::string& child : children) {
    if (child.find(part) != std::string::npos) names.insert(std::move(child));
  }
  return names;
}

absl::Status RocksDbStore::Engine::Flush(const std::vector<rocksdb::ColumnFamilyHandle*>& which) {
  RETURN_IF_ERROR(CheckWritable());
  RETURN_IF_ERROR(FromRocksDb(StaySwitchable(), dir));
  // A row of its own: where nothing else is to be written, nothing would be begun anew.
  rocksdb::WriteBatch mark;
  mark.Put(families[kFacts], rocksdb::Slice(kMarkKey.data(), kMarkKey.size()), {});
  RETURN_IF_ERROR(Write(mark, Sync::kNo, Use::kRest));
  return FromRocksDb(db->Flush(rocksdb::FlushOptions(), which), dir);
}

absl::Status RocksDbStore::Engine::RewriteErasable(std::set<std::string>& old) {
  rocksdb::CompactRangeOptions everything;
  everything.exclusive_manual_compaction = false;
  everything.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  old = ErasableTables(*db, families);
  for (int tries = 0; tries < kTriesMax; ++tries) {
    for (const Family family : kErasable) {
      RETURN_IF_ERROR(
          FromRocksDb(db->CompactRange(everything, families[family], nullptr, nullptr), dir));
    }
    if (!Meet(old, ErasableTables(*db, families))) return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat("store ", dir, ": old tables are still in use; purge again later"));
}

absl::Status RocksDbStore::Engine::AwaitRemoved(const std::set<std::string>& files) {
  const absl::Time until = absl::Now() + kReadersMax;
  for (const std::string& file : files) {
    while (env->FileExists(dir + "/" + file).ok()) {
      RETURN_IF_ERROR(CheckWritable());
      if (absl::Now() >= until) {
        return absl::UnavailableError(absl::StrCat("store ", dir, ": a reader still uses ", file,
                                                   ", which holds erased rows; purge again later"));
      }
      absl::SleepFor(kBetweenLooks);
    }
  }
  return absl::OkStatus();
}

absl::Status RocksDbStore::PurgeErased() {
  uint64_t tables = 0;
  for (const Family family : kErasable) {
    uint64_t bytes = 0;
    engine_->db->GetIntProperty(engine_->families[family],
                                rocksdb::DB::Properties::kLiveSstFilesSize, &bytes);
    tables += bytes;
  }
  // They are written anew before the old ones go.
  RETURN_IF_ERROR(engine_->CheckRoom(Engine::Use::kRest, tables));
  ASSIGN_OR_RETURN(const Names logs, engine_->FilesNamed(".log"));
  RETURN_IF_ERROR(engine_->Flush({engine_->families.begin(), engine_->families.end()}));
  Names gone;
  RETURN_IF_ERROR(engine_->RewriteErasable(gone));
  ASSIGN_OR_RETURN(const Names catalogues, engine_->FilesNamed("MANIFEST-"));
  RETURN_IF_ERROR(engine_->Flush({engine_->families[kFacts]}));
  RETURN_IF_ERROR(FromRocksDb(engine_->StaySwitchable(), engine_->dir));
  // A log of which a start found nothing to keep, such as the beginning of a record, is no longer
  // known to RocksDB; looking at the whole folder finds it. To allow deletions again does that.
  RETURN_IF_ERROR(FromRocksDb(engine_->db->DisableFileDeletions(), engine_->dir));
  RETURN_IF_ERROR(FromRocksDb(engine_->db->EnableFileDeletions(/*force=*/false), engine_->dir));
  gone.insert(logs.begin(), logs.end());
  gone.insert(catalogues.begin(), catalogues.end());
  RETURN_IF_ERROR(engine_->AwaitRemoved(gone));
  engine_->purges.fetch_add(1);
  return absl::OkStatus();
}

}  // namespace consent::store
