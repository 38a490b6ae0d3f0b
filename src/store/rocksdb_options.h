// SPDX-License-Identifier: Apache-2.0
//
// How RocksDB is set up for a ledger. All settings are here, each with its reason. For the files of
// this engine only: includes RocksDB.

#ifndef CONSENT_STORE_ROCKSDB_OPTIONS_H_
#define CONSENT_STORE_ROCKSDB_OPTIONS_H_

#include <cstddef>
#include <vector>

#include "rocksdb/db.h"
#include "rocksdb/options.h"
#include "src/store/rocksdb_store.h"

namespace consent::store {

// The column families, in the order of their handles.
enum Family : size_t {
  kFacts,
  kEntries,
  kOpenings,
  kSecrets,
  kRecords,
  kContacts,
  kTiles,
  kFamilies
};

// Settings of the whole database. `read_only` keeps RocksDB's own log file from being made.
rocksdb::DBOptions MakeDbOptions(const RocksDbOptions& options, bool read_only);

// Names and settings of all families, sharing one block cache.
std::vector<rocksdb::ColumnFamilyDescriptor> MakeFamilies(const RocksDbOptions& options);

}  // namespace consent::store

#endif  // CONSENT_STORE_ROCKSDB_OPTIONS_H_
