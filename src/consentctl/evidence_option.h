// SPDX-License-Identifier: Apache-2.0
//
// Evidence as options: how it can be proven what somebody says for a consumer. What is signed of a
// text, a scan or a recording is its SHA-256.

#ifndef CONSENT_CONSENTCTL_EVIDENCE_OPTION_H_
#define CONSENT_CONSENTCTL_EVIDENCE_OPTION_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"

namespace consent::ctl {

struct EvidenceOptions {
  std::string collected_at;
  std::string text_file;
  std::string recording_file;
  std::string method;
  std::string collected_by;

  // Whether any of them was given.
  bool given() const;
};

// Whether a command cannot do without evidence, or the consumer's own key needs none.
enum class EvidenceNeed { kAlways, kUnlessConsumer };

// Adds --collected-at, --text-file, --method, --collected-by and --recording-file. The first four
// go together.
void AddEvidenceOptions(CLI::App& command, EvidenceOptions& options, EvidenceNeed need);

// Reads the files. BadInput names the option that is wrong.
absl::StatusOr<v1::Evidence> MakeEvidence(const EvidenceOptions& options);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_EVIDENCE_OPTION_H_
