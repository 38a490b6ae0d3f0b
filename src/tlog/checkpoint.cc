// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/checkpoint.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/tlog/text.h"

namespace consent::tlog {

std::string Checkpoint::ToText() const {
  std::string text = absl::StrCat(origin, "\n", size.value, "\n", FormatDigest(root), "\n");
  for (const std::string& extension : extensions) absl::StrAppend(&text, extension, "\n");
  return text;
}

absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text) {
  Checkpoint checkpoint;
  std::string_view rest = text;

  const std::optional<std::string_view> origin = TakeLine(rest);
  if (!origin.has_value() || origin->empty() || origin->size() > kOriginBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("checkpoint, line 1: not an origin of 1 to ", kOriginBytesMax, " bytes"));
  }
  checkpoint.origin = std::string(*origin);

  const std::optional<std::string_view> size_line = TakeLine(rest);
  const std::optional<uint64_t> size =
      size_line.has_value() ? ParseDecimal(*size_line, merkle::kMaxTreeSize.value) : std::nullopt;
  if (!size.has_value()) {
    return absl::InvalidArgumentError(
        "checkpoint, line 2: not a tree size in decimal, below 2^63, without leading zeros");
  }
  checkpoint.size = {*size};

  const std::optional<std::string_view> root_line = TakeLine(rest);
  const std::optional<Digest> root = root_line.has_value() ? ParseDigest(*root_line) : std::nullopt;
  if (!root.has_value()) {
    return absl::InvalidArgumentError("checkpoint, line 3: not a root hash in standard base64");
  }
  checkpoint.root = *root;

  while (const std::optional<std::string_view> line = TakeLine(rest)) {
    const size_t number = checkpoint.extensions.size() + 4;
    if (line->empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("checkpoint, line ", number, ": an empty extension line"));
    }
    if (checkpoint.extensions.size() == kExtensionsMax) {
      return absl::InvalidArgumentError(absl::StrCat("checkpoint, line ", number, ": more than ",
                                                     kExtensionsMax, " extension lines"));
    }
    checkpoint.extensions.emplace_back(*line);
  }
  if (!rest.empty()) {
    return absl::InvalidArgumentError("checkpoint: the last line does not end with a newline");
  }
  return checkpoint;
}

absl::StatusOr<SignedCheckpoint> OpenCheckpoint(std::string_view note_bytes,
                                                std::string_view origin,
                                                absl::Span<const VerifierKey> log_keys) {
  SignedCheckpoint opened;
  ASSIGN_OR_RETURN(opened.note, ParseNote(note_bytes));
  RETURN_IF_ERROR(VerifyNote(opened.note, log_keys).status());
  ASSIGN_OR_RETURN(opened.checkpoint, ParseCheckpoint(opened.note.text));
  if (opened.checkpoint.origin != origin) {
    std::string message = absl::StrCat("a checkpoint of ", opened.checkpoint.origin, ", not of ");
    message.append(origin);
    return absl::FailedPreconditionError(message);
  }
  return opened;
}

absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint,
                                           absl::Span<const NoteSigner> signers) {
  std::string note = checkpoint.ToText();
  const std::string text = note;
  note += "\n";
  for (const NoteSigner& signer : signers) {
    ASSIGN_OR_RETURN(const std::string line, signer.SignatureLine(text));
    note += line;
  }
  return note;
}

}  // namespace consent::tlog
