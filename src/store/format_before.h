// SPDX-License-Identifier: Apache-2.0
//
// A store as the release before left it. Test code only.

#ifndef CONSENT_STORE_FORMAT_BEFORE_H_
#define CONSENT_STORE_FORMAT_BEFORE_H_

#include <string>

#include "absl/status/status.h"
#include "src/store/rocksdb_store.h"

namespace consent::store {

// Makes the store in `dir`, which nobody has open, one of kFormatBefore: its records have bytes
// that no code of today reads.
absl::Status MakeFormatBefore(const std::string& dir, const RocksDbOptions& options = {});

}  // namespace consent::store

#endif  // CONSENT_STORE_FORMAT_BEFORE_H_
