// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/ending.h"

#include <unistd.h>

#include <string>

#include "src/consentd/log.h"

namespace consent::consentd {

void EndForFailedStore(const absl::Status& failure) {
  LogError("store failed",
           {{"message", std::string(failure.message())}, {"exit_code", kStoreFailed}});
  _exit(kStoreFailed);
}

}  // namespace consent::consentd
