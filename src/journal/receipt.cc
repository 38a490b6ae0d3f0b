// SPDX-License-Identifier: Apache-2.0

#include "src/journal/receipt.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/merkle/leaf_hash.h"
#include "src/tlog/note.h"
#include "src/tlog/tlog_proof.h"

namespace consent::journal {

std::string ToText(const Receipt& receipt) {
  const tlog::TlogProof proof{.extra = Encode(receipt.shown),
                              .index = receipt.position,
                              .proof = receipt.proof,
                              .checkpoint = receipt.checkpoint};
  return proof.ToString();
}

absl::StatusOr<Receipt> ParseReceipt(std::string_view text) {
  ASSIGN_OR_RETURN(tlog::TlogProof proof, tlog::ParseTlogProof(text));
  absl::StatusOr<ShownEntry> shown = Decode<ShownEntry>(proof.extra);
  if (!shown.ok()) {
    return absl::InvalidArgumentError(
        "the extra line: expected an entry and its parts, as a receipt of this service has it");
  }
  return Receipt{.shown = *std::move(shown),
                 .position = proof.index,
                 .proof = std::move(proof.proof),
                 .checkpoint = std::move(proof.checkpoint)};
}

absl::StatusOr<Proven> VerifyReceipt(const Receipt& receipt,
                                     absl::Span<const tlog::VerifierKey> keys) {
  ASSIGN_OR_RETURN(Entry entry, CheckShown(receipt.shown));
  if (entry.position != receipt.position) {
    return absl::DataLossError(absl::StrCat("the receipt is of position ", receipt.position.value,
                                            ", its entry says ", entry.position.value));
  }
  ASSIGN_OR_RETURN(const tlog::Note note, tlog::ParseNote(receipt.checkpoint));
  ASSIGN_OR_RETURN(const tlog::Checkpoint named, tlog::ParseCheckpoint(note.text));
  // One key may sign several journals, and a signature does not cover its name: only keys that are
  // named after this journal count, or one journal's checkpoint would pass for another's.
  std::vector<tlog::VerifierKey> its_keys;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(its_keys),
               [&named](const tlog::VerifierKey& key) { return key.name == named.origin; });
  const tlog::TlogProof proof{.extra = {},
                              .index = receipt.position,
                              .proof = receipt.proof,
                              .checkpoint = receipt.checkpoint};
  ASSIGN_OR_RETURN(
      tlog::SignedCheckpoint signed_checkpoint,
      tlog::VerifyTlogProof(proof, merkle::LeafHash(receipt.shown.entry), named.origin, its_keys));
  return Proven{.entry = std::move(entry), .checkpoint = std::move(signed_checkpoint.checkpoint)};
}

}  // namespace consent::journal
