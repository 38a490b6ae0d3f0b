// SPDX-License-Identifier: Apache-2.0
//
// Receipts (C2SP tlog-proof): one text that shows, offline and for ever, that an entry is in a log.
//
//   c2sp.org/tlog-proof@v1
//   extra YWdlLXYxLjIu                (where there is any)
//   index 73894
//   gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
//
//   example.com/fancylog              (the checkpoint, as it was signed)
//   ...
//
// The entry is not in it, and nothing signs the extra line: whoever verifies knows or is given the
// entry, hashes it, and believes of the extra what that hash confirms.
//
// Threads: plain values.

#ifndef CONSENT_TLOG_TLOG_PROOF_H_
#define CONSENT_TLOG_TLOG_PROOF_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/verifier_key.h"

namespace consent::tlog {

inline constexpr size_t kExtraBytesMax = size_t{256} << 10;

struct TlogProof {
  std::string extra;  // At most kExtraBytesMax bytes; when empty, the line is left out.
  LeafIndex index;
  std::vector<Digest> proof;  // The leaf's sibling first; at most merkle::kProofHashesMax.
  std::string checkpoint;     // The signed note's bytes.

  std::string ToString() const;

  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

// The proof that this text is. InvalidArgument, with the number of the line, for anything but what
// ToString writes of it. The checkpoint is taken as it stands; OpenCheckpoint reads it.
absl::StatusOr<TlogProof> ParseTlogProof(std::string_view text);

// The checkpoint of the log `origin` that shows the entry with this leaf hash to be at the proof's
// index. Errors: OpenCheckpoint's for the checkpoint, merkle::VerifyInclusion's (DataLoss: the
// hashes do not add up) for the proof. Whether enough witnesses cosigned it is the caller's policy.
absl::StatusOr<SignedCheckpoint> VerifyTlogProof(const TlogProof& proof, const Digest& leaf_hash,
                                                 std::string_view origin,
                                                 absl::Span<const VerifierKey> log_keys);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_TLOG_PROOF_H_
