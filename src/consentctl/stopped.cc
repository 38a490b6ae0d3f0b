// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/stopped.h"

#include <utility>

#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/keys/keys.h"

namespace consent::ctl {

void AddFolders(CLI::App* command, Folders& folders) {
  command
      ->add_option("--data", folders.data, "The data directory of a consentd that is not running")
      ->type_name("DIR")
      ->required();
  command->add_option("--keys", folders.keys, "Where its keys are [default: keys in that]")
      ->type_name("DIR");
}

absl::StatusOr<std::unique_ptr<store::RocksDbStore>> OpenFiles(const std::string& data) {
  auto files = store::RocksDbStore::OpenReadOnly(data + "/store");
  if (absl::IsNotFound(files.status())) return AsBadInput(files.status());
  return files;
}

absl::StatusOr<Stopped> OpenStopped(const Folders& folders) {
  ASSIGN_OR_RETURN(auto files, OpenFiles(folders.data));
  keys::KeySource source(folders.keys.empty() ? folders.data + "/keys" : folders.keys);
  RETURN_IF_ERROR(source.TakeEnvironment());
  ASSIGN_OR_RETURN(auto master, keys::OpenMasterKeys(source));
  ASSIGN_OR_RETURN(auto store, journal::SealedStore::Open(*files, std::move(master),
                                                          journal::SealedStore::Use::kRead));
  return Stopped{std::move(files), std::move(store)};
}

}  // namespace consent::ctl
