// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/open_files.h"

#include <sys/resource.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace consent::consentd {

absl::Status AllowOpenFiles(uint64_t connections) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::ErrnoToStatus(errno, "the limit of open files cannot be read");
  }
  const uint64_t needed = connections + kFilesBesideConnections;
  if (limit.rlim_max < needed) {
    return absl::InvalidArgumentError(
        absl::StrCat("open files: expected that this process may have ", needed, " (", connections,
                     " for --connections), found ", limit.rlim_max,
                     "; raise the hard limit (ulimit -Hn, LimitNOFILE= of the unit), or give fewer "
                     "connections"));
  }
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return absl::ErrnoToStatus(errno, "the limit of open files cannot be raised");
  }
  return absl::OkStatus();
}

}  // namespace consent::consentd
