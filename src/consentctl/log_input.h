// SPDX-License-Identifier: Apache-2.0
//
// Logs and verifier keys named on the command line.

#ifndef CONSENT_CONSENTCTL_LOG_INPUT_H_
#define CONSENT_CONSENTCTL_LOG_INPUT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consent/verifier.h"

namespace consent::ctl {

// Of a file with keys, a policy, a checkpoint or a receipt.
inline constexpr size_t kTextBytesMax = size_t{2} << 20;

// The log in a directory, or below a URL that begins with http. BadInput, naming the option, for
// anything else.
absl::StatusOr<LogSource> SourceOf(const std::string& log, const std::string& option = "--log");

// Keys as typed: each is a verifier key, or a file with some, whose text is returned. BadInput for
// a file that cannot be read; what the texts hold is not looked into.
absl::StatusOr<std::vector<std::string>> ReadKeys(const std::vector<std::string>& typed);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_LOG_INPUT_H_
