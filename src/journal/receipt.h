// SPDX-License-Identifier: Apache-2.0
//
// Receipt: the proof that a journal holds an entry, complete in itself.
//
// A text in the form of C2SP tlog-proof: the entry's position, the hashes from its leaf to the
// root, and a signed checkpoint with that root. Its extra line holds the entry, and those of its
// parts opened that the receiver may see (shown_entry.h). Whoever has the journal's public key
// verifies it, offline and for ever; nothing of the ledger is needed, and no other key. Exact
// bytes: docs/formats/receipt.md.
//
// Threads: safe from any thread. No I/O.

#ifndef CONSENT_JOURNAL_RECEIPT_H_
#define CONSENT_JOURNAL_RECEIPT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/journal/entry.h"
#include "src/journal/shown_entry.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/verifier_key.h"

namespace consent::journal {

struct Receipt {
  ShownEntry shown;
  LeafIndex position;
  std::vector<Digest> proof;  // From the leaf's sibling up.
  std::string checkpoint;     // A signed note.
};

std::string ToText(const Receipt& receipt);

// The receipt of this text; its form alone is checked. InvalidArgument when it has another.
absl::StatusOr<Receipt> ParseReceipt(std::string_view text);

// What a receipt proves.
struct Proven {
  Entry entry;
  tlog::Checkpoint checkpoint;
};

// Checks all of it: the checkpoint is signed by one of `keys` (its origin is the key's name), the
// entry is at its position in that tree, and commits to the parts as shown. InvalidArgument for
// what is malformed, PermissionDenied when no key signed or a signature is false, DataLoss when
// hashes do not add up.
absl::StatusOr<Proven> VerifyReceipt(const Receipt& receipt,
                                     absl::Span<const tlog::VerifierKey> keys);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_RECEIPT_H_
