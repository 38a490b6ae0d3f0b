// SPDX-License-Identifier: Apache-2.0
//
// ScratchFolder: a folder that is gone afterwards, in memory where the system has such a place: a
// simulation syncs thousands of small files, and no disk is being tested.

#ifndef CONSENT_SIMULATION_SCRATCH_FOLDER_H_
#define CONSENT_SIMULATION_SCRATCH_FOLDER_H_

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace consent::simulation {

class ScratchFolder {
 public:
  ScratchFolder() {
    const std::filesystem::path memory = "/dev/shm";
    std::error_code ignored;
    const auto base = std::filesystem::is_directory(memory, ignored)
                          ? memory
                          : std::filesystem::temp_directory_path();
    path_ = (base / "consent-simulation-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_SCRATCH_FOLDER_H_
