// SPDX-License-Identifier: Apache-2.0

#include "src/statement/source.h"

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/ids.h"
#include "src/base/status_macros.h"
#include "src/statement/moment.h"
#include "src/statement/text.h"

namespace consent::statement {

absl::StatusOr<Instant> ReadEvidence(const v1::Evidence& evidence, const std::string& path,
                                     Instant arrival) {
  if (!evidence.has_collected_at()) {
    return InvalidField(path + ".collected_at", "expected when the consumer agreed, found none");
  }
  ASSIGN_OR_RETURN(const Instant collected_at,
                   ReadWholeSeconds(evidence.collected_at(), path + ".collected_at"));
  if (collected_at > arrival) {
    return InvalidField(path + ".collected_at",
                        absl::StrCat("expected a moment not after the claim's arrival, found one ",
                                     (collected_at - arrival).count, " s after it"));
  }
  RETURN_IF_ERROR(CheckBytes(evidence.text_sha256(), Digest::kSize, path + ".text_sha256"));
  RETURN_IF_ERROR(CheckWords(evidence.method(), kMethodCharactersMax, path + ".method"));
  RETURN_IF_ERROR(
      CheckWords(evidence.collected_by(), kCollectedByCharactersMax, path + ".collected_by"));
  if (!evidence.recording_sha256().empty()) {
    RETURN_IF_ERROR(
        CheckBytes(evidence.recording_sha256(), Digest::kSize, path + ".recording_sha256"));
  }
  return collected_at;
}

absl::StatusOr<Source> ReadSource(const v1::Evidence* evidence, const std::string& path,
                                  core::Signer signed_by, Instant arrival) {
  Source source{.signed_by = signed_by, .collected_at = {}, .arrival = arrival};
  if (signed_by == core::Signer::kConsumer) {
    if (evidence == nullptr) return source;
    return InvalidField(path, "expected none, as the consumer's own word needs none, found some");
  }
  if (evidence == nullptr) {
    return InvalidField(path, "expected how it can be proven, found nothing");
  }
  ASSIGN_OR_RETURN(source.collected_at, ReadEvidence(*evidence, path, arrival));
  return source;
}

}  // namespace consent::statement
