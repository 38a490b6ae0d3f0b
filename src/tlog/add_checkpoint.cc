// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/add_checkpoint.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/merkle/compact_tree.h"
#include "src/tlog/cosignature.h"
#include "src/tlog/text.h"

namespace consent::tlog {
namespace {

constexpr std::string_view kOld = "old ";

absl::Status Malformed(size_t line, std::string_view what) {
  std::string message = absl::StrCat("add-checkpoint, line ", line, ": ");
  message.append(what);
  return absl::InvalidArgumentError(message);
}

}  // namespace

std::string AddCheckpoint::ToString() const {
  std::string body = absl::StrCat("old ", old_size.value, "\n");
  for (const Digest& hash : proof) absl::StrAppend(&body, FormatDigest(hash), "\n");
  absl::StrAppend(&body, "\n", checkpoint);
  return body;
}

absl::StatusOr<AddCheckpoint> ParseAddCheckpoint(std::string_view body) {
  if (body.size() > kAddCheckpointBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("add-checkpoint: more than ", kAddCheckpointBytesMax, " bytes"));
  }
  AddCheckpoint request;
  std::string_view rest = body;
  std::optional<std::string_view> line = TakeLine(rest);
  const std::optional<uint64_t> old_size =
      line.has_value() && line->starts_with(kOld)
          ? ParseDecimal(line->substr(kOld.size()), merkle::kMaxTreeSize.value)
          : std::nullopt;
  if (!old_size.has_value()) {
    return Malformed(1, "not an old size in decimal, without leading zeros");
  }
  request.old_size = {*old_size};
  while (true) {
    line = TakeLine(rest);
    const size_t number = request.proof.size() + 2;
    if (!line.has_value()) return Malformed(number, "no empty line before the checkpoint");
    if (line->empty()) break;
    if (request.proof.size() == kConsistencyLinesMax) {
      return Malformed(number, absl::StrCat("more than ", kConsistencyLinesMax, " hashes"));
    }
    const std::optional<Digest> hash = ParseDigest(*line);
    if (!hash.has_value()) return Malformed(number, "not a hash in standard base64");
    request.proof.push_back(*hash);
  }
  if (rest.empty() || rest.size() > kNoteBytesMax) {
    return Malformed(request.proof.size() + 3,
                     absl::StrCat("no checkpoint of 1 to ", kNoteBytesMax, " bytes"));
  }
  request.checkpoint = std::string(rest);
  return request;
}

std::string FormatKnownSize(TreeSize size) { return absl::StrCat(size.value, "\n"); }

absl::StatusOr<TreeSize> ParseKnownSize(std::string_view body) {
  const std::optional<std::string_view> line = TakeLine(body);
  const std::optional<uint64_t> size = line.has_value() && body.empty()
                                           ? ParseDecimal(*line, merkle::kMaxTreeSize.value)
                                           : std::nullopt;
  if (!size.has_value()) {
    return absl::InvalidArgumentError("not a tree size in decimal and a newline");
  }
  return TreeSize{*size};
}

absl::StatusOr<std::vector<Cosignature>> ReadCosignatures(
    std::string_view body, std::string_view checkpoint_text,
    absl::Span<const VerifierKey> witness_keys) {
  Note note;
  note.text = std::string(checkpoint_text);
  if (body.size() > kNoteBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("cosignatures: more than ", kNoteBytesMax, " bytes"));
  }
  while (const std::optional<std::string_view> line = TakeLine(body)) {
    if (note.signatures.size() == kSignaturesMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("cosignatures: more than ", kSignaturesMax, " lines"));
    }
    ASSIGN_OR_RETURN(note.signatures.emplace_back(), ParseSignatureLine(*line));
  }
  if (note.signatures.empty() || !body.empty()) {
    return absl::InvalidArgumentError("cosignatures: not one or more lines");
  }
  RETURN_IF_ERROR(VerifyNote(note, witness_keys).status());

  std::vector<Cosignature> cosignatures;
  for (Signature& signature : note.signatures) {
    for (const VerifierKey& key : witness_keys) {
      if (key.type != KeyType::kCosignature || !signature.Names(key)) continue;
      ASSIGN_OR_RETURN(const Instant time,
                       VerifyCosignature(key, checkpoint_text, signature.bytes));
      if (time.unix_seconds == 0) {
        return absl::PermissionDeniedError("a witness's cosignature says no time");
      }
      cosignatures.push_back({std::move(signature), time});
      break;
    }
  }
  if (cosignatures.empty()) {
    return absl::UnauthenticatedError("no known witness cosigned the checkpoint");
  }
  return cosignatures;
}

}  // namespace consent::tlog
