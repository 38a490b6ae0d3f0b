// SPDX-License-Identifier: Apache-2.0
//
// TemporaryFolder: a new empty folder that is deleted, with all that is in it, at the end. Test
// code only.

#ifndef CONSENT_STORE_TEMPORARY_FOLDER_H_
#define CONSENT_STORE_TEMPORARY_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace consent::store {

class TemporaryFolder {
 public:
  // Below $TMPDIR, or /tmp. Ends the process where no folder can be made.
  TemporaryFolder() {
    path_ = (std::filesystem::temp_directory_path() / "consent-store-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace consent::store

#endif  // CONSENT_STORE_TEMPORARY_FOLDER_H_
