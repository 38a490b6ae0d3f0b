// SPDX-License-Identifier: Apache-2.0

#include "src/store/format_before.h"

#include <memory>
#include <vector>

#include "src/base/status_macros.h"
#include "src/store/rocksdb_engine.h"

namespace consent::store {

absl::Status MakeFormatBefore(const std::string& dir, const RocksDbOptions& options) {
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  rocksdb::DB* opened = nullptr;
  RETURN_IF_ERROR(FromRocksDb(rocksdb::DB::Open(MakeDbOptions(options, /*read_only=*/false), dir,
                                                MakeFamilies(options), &families, &opened),
                              dir));
  const std::unique_ptr<rocksdb::DB> db(opened);
  rocksdb::WriteBatch batch;
  batch.Put(families[kFacts], std::string(kFormatKey), std::string(kFormatBefore));
  std::unique_ptr<rocksdb::Iterator> it(db->NewIterator({}, families[kRecords]));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    batch.Put(families[kRecords], it->key(), "\4 in another form");
  }
  RETURN_IF_ERROR(FromRocksDb(it->status(), dir));
  it.reset();
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status written = db->Write(synced, &batch);
  for (auto* family : families) db->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  return FromRocksDb(written, dir);
}

}  // namespace consent::store
