// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/tlog_proof.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/merkle/proof.h"
#include "src/tlog/text.h"

namespace consent::tlog {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

absl::Status Malformed(int line, std::string_view what) {
  std::string message = absl::StrCat("proof, line ", line, ": ");
  message.append(what);
  return absl::InvalidArgumentError(message);
}

}  // namespace

std::string TlogProof::ToString() const {
  std::string text(kHeader);
  text += "\n";
  if (!extra.empty()) absl::StrAppend(&text, "extra ", EncodeBase64(extra), "\n");
  absl::StrAppend(&text, "index ", index.value, "\n");
  for (const Digest& hash : proof) absl::StrAppend(&text, FormatDigest(hash), "\n");
  absl::StrAppend(&text, "\n", checkpoint);
  return text;
}

absl::StatusOr<TlogProof> ParseTlogProof(std::string_view text) {
  TlogProof proof;
  std::string_view rest = text;
  int number = 1;
  std::optional<std::string_view> line = TakeLine(rest);
  if (line != kHeader) return Malformed(number, "not the header of version 1");

  line = TakeLine(rest);
  ++number;
  if (line.has_value() && line->starts_with(kExtra)) {
    const std::string_view base64 = line->substr(kExtra.size());
    // Four characters for every three bytes: what is too long is not decoded.
    if (base64.size() > (kExtraBytesMax + 2) / 3 * 4) {
      return Malformed(number, absl::StrCat("more than ", kExtraBytesMax, " bytes of extra data"));
    }
    std::optional<std::string> extra = DecodeBase64(base64);
    if (!extra.has_value() || extra->empty() || extra->size() > kExtraBytesMax) {
      return Malformed(number, "extra data that is empty, too long or not standard base64");
    }
    proof.extra = *std::move(extra);
    line = TakeLine(rest);
    ++number;
  }

  // An index is below a size, so below the largest.
  const std::optional<uint64_t> index =
      line.has_value() && line->starts_with(kIndex)
          ? ParseDecimal(line->substr(kIndex.size()), merkle::kMaxTreeSize.value - 1)
          : std::nullopt;
  if (!index.has_value()) {
    return Malformed(number, "not an index in decimal, without leading zeros");
  }
  proof.index = {*index};

  while (true) {
    line = TakeLine(rest);
    ++number;
    if (!line.has_value()) return Malformed(number, "no empty line before the checkpoint");
    if (line->empty()) break;
    if (proof.proof.size() == merkle::kProofHashesMax) {
      return Malformed(number, absl::StrCat("more than ", merkle::kProofHashesMax, " hashes"));
    }
    const std::optional<Digest> hash = ParseDigest(*line);
    if (!hash.has_value()) return Malformed(number, "not a hash in standard base64");
    proof.proof.push_back(*hash);
  }

  if (rest.empty() || rest.size() > kNoteBytesMax) {
    return Malformed(number + 1, absl::StrCat("no checkpoint of 1 to ", kNoteBytesMax, " bytes"));
  }
  proof.checkpoint = std::string(rest);
  return proof;
}

absl::StatusOr<SignedCheckpoint> VerifyTlogProof(const TlogProof& proof, const Digest& leaf_hash,
                                                 std::string_view origin,
                                                 absl::Span<const VerifierKey> log_keys) {
  ASSIGN_OR_RETURN(SignedCheckpoint opened, OpenCheckpoint(proof.checkpoint, origin, log_keys));
  RETURN_IF_ERROR(merkle::VerifyInclusion(leaf_hash, proof.index, opened.checkpoint.size,
                                          proof.proof, opened.checkpoint.root));
  return opened;
}

}  // namespace consent::tlog
