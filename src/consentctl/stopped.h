// SPDX-License-Identifier: Apache-2.0
//
// A stopped ledger's store, read by commands that need no server.

#ifndef CONSENT_CONSENTCTL_STOPPED_H_
#define CONSENT_CONSENTCTL_STOPPED_H_

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "absl/status/statusor.h"
#include "src/journal/sealed_store.h"
#include "src/store/rocksdb_store.h"

namespace consent::ctl {

struct Folders {
  std::string data;
  std::string keys;  // Empty: `keys` in `data`.
};

// --data, required, and --keys.
void AddFolders(CLI::App* command, Folders& folders);

// The files alone, for what anybody may see of a journal. Writes nothing. Bad input where there is
// no ledger, FailedPrecondition while a consentd runs on it.
absl::StatusOr<std::unique_ptr<store::RocksDbStore>> OpenFiles(const std::string& data);

// The files, and what they look like to whoever has the ledger's master keys.
struct Stopped {
  std::unique_ptr<store::RocksDbStore> files;
  std::unique_ptr<journal::SealedStore> store;
};

// As OpenFiles; FailedPrecondition too when a master key is missing that the secrets are sealed
// under.
absl::StatusOr<Stopped> OpenStopped(const Folders& folders);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_STOPPED_H_
