// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/witness.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/proof.h"

namespace consent::tlog {

absl::StatusOr<Submission> ReadSubmission(std::string_view body,
                                          absl::Span<const VerifierKey> logs) {
  Submission submission;
  ASSIGN_OR_RETURN(submission.request, ParseAddCheckpoint(body));
  ASSIGN_OR_RETURN(Note note, ParseNote(submission.request.checkpoint));
  ASSIGN_OR_RETURN(submission.checkpoint, ParseCheckpoint(note.text));
  std::vector<VerifierKey> keys;
  for (const VerifierKey& key : logs) {
    if (key.name == submission.checkpoint.origin) keys.push_back(key);
  }
  if (keys.empty()) return absl::NotFoundError("the log of this checkpoint is not witnessed here");
  if (!VerifyNote(note, keys).ok()) {
    return absl::PermissionDeniedError("the checkpoint is not, or badly, signed by its log");
  }
  submission.note.text = std::move(note.text);
  for (Signature& signature : note.signatures) {
    const bool known = std::any_of(keys.begin(), keys.end(), [&](const VerifierKey& key) {
      return key.key.has_value() && signature.Names(key);
    });
    if (known) submission.note.signatures.push_back(std::move(signature));
  }
  return submission;
}

Judgement Judge(const Submission& submission, const std::optional<Witnessed>& last) {
  const Checkpoint& next = submission.checkpoint;
  const Witnessed known = last.value_or(Witnessed{TreeSize{0}, merkle::EmptyRoot()});
  const bool forked = last.has_value() && next.size == known.size && next.root != known.root;
  const TreeSize old = submission.request.old_size;
  if (old.value > next.size.value) return {Verdict::kMalformed, forked};
  if (old != known.size) return {Verdict::kOtherSize, forked};
  const absl::Status consistent = merkle::VerifyConsistency(
      {.from = known.size, .from_root = known.root, .to = next.size, .to_root = next.root},
      submission.request.proof);
  return {consistent.ok() ? Verdict::kSign : Verdict::kInconsistent, forked};
}

}  // namespace consent::tlog
