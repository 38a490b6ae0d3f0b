// SPDX-License-Identifier: Apache-2.0

#ifndef CONSENT_CONSENTCTL_DIRECTORY_ENTRY_H_
#define CONSENT_CONSENTCTL_DIRECTORY_ENTRY_H_

#include <string>
#include <utility>
#include <vector>

#include "consent/v1/directory_service.pb.h"
#include "src/consentctl/session.h"

namespace consent::ctl {

// Says what was changed in the directory and where its journal holds the change. `what` are JSON's
// names and their values: {"party", "acme"}.
int ShowDirectoryEntry(const Session& session,
                       const std::vector<std::pair<std::string, std::string>>& what,
                       const v1::DirectoryEntry& entry);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_DIRECTORY_ENTRY_H_
