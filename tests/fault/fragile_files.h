// SPDX-License-Identifier: Apache-2.0
//
// FragileFiles: the named points that lie inside RocksDB's writes: between a log's write and its
// sync, half-way through a write, between the steps of a purge and of an opening.

#ifndef CONSENT_FAULT_FRAGILE_FILES_H_
#define CONSENT_FAULT_FRAGILE_FILES_H_

#include <memory>

#include "rocksdb/env.h"

namespace consent::fault {

// The machine's file system, with the points.
std::unique_ptr<rocksdb::Env> MakeFragileFiles();

}  // namespace consent::fault

#endif  // CONSENT_FAULT_FRAGILE_FILES_H_
