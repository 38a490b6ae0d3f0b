// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/evidence_option.h"

#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/key_input.h"
#include "src/crypto/hash.h"

namespace consent::ctl {
namespace {

// Texts shown to consumers, scans and recordings, to be hashed.
constexpr size_t kEvidenceBytesMax = 256 << 20;

}  // namespace

bool EvidenceOptions::given() const {
  return !collected_at.empty() || !text_file.empty() || !recording_file.empty() ||
         !method.empty() || !collected_by.empty();
}

void AddEvidenceOptions(CLI::App& command, EvidenceOptions& options, EvidenceNeed need) {
  const std::string unless =
      need == EvidenceNeed::kAlways ? "" : "; not with the consumer's own key";
  CLI::Option* const required[] = {
      command
          .add_option("--collected-at", options.collected_at,
                      "When the consumer agreed or asked" + unless)
          ->type_name("TIME"),
      command
          .add_option("--text-file", options.text_file,
                      "The exact text shown or read out; its SHA-256 is signed, not the text")
          ->type_name("FILE"),
      command.add_option("--method", options.method, "How: \"web form\", \"paper\", ...")
          ->type_name("TEXT"),
      command.add_option("--collected-by", options.collected_by, "By whom it was collected")
          ->type_name("TEXT")};
  CLI::Option* const recording =
      command
          .add_option("--recording-file", options.recording_file,
                      "Scan of the paper or voice recording; its SHA-256 is signed")
          ->type_name("FILE");
  for (CLI::Option* const option : required) {
    if (need == EvidenceNeed::kAlways) option->required();
    for (CLI::Option* const other : required) {
      if (need == EvidenceNeed::kUnlessConsumer && other != option) option->needs(other);
    }
    recording->needs(option);
  }
}

absl::StatusOr<v1::Evidence> MakeEvidence(const EvidenceOptions& options) {
  v1::Evidence evidence;
  ASSIGN_OR_RETURN(*evidence.mutable_collected_at(),
                   ParseTime(options.collected_at, "--collected-at"));
  ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(options.text_file, kEvidenceBytesMax));
  evidence.set_text_sha256(crypto::Sha256({text}).str());
  if (!options.recording_file.empty()) {
    ASSIGN_OR_RETURN(const std::string recording,
                     ReadWholeFile(options.recording_file, kEvidenceBytesMax));
    evidence.set_recording_sha256(crypto::Sha256({recording}).str());
  }
  evidence.set_method(options.method);
  evidence.set_collected_by(options.collected_by);
  return evidence;
}

}  // namespace consent::ctl
