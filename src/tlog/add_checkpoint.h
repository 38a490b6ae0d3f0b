// SPDX-License-Identifier: Apache-2.0
//
// What a log sends a witness and what it gets back (C2SP tlog-witness, add-checkpoint):
//
//   old 20852014
//   PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=     the consistency proof
//
//   example.com/behind-the-sofa                      the checkpoint, as it was signed
//   ...
//
// and signature lines of the witness. Texts only: whether a witness may sign is for it to judge.
//
// Threads: plain values.

#ifndef CONSENT_TLOG_ADD_CHECKPOINT_H_
#define CONSENT_TLOG_ADD_CHECKPOINT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/tlog/note.h"
#include "src/tlog/verifier_key.h"

namespace consent::tlog {

// Lines of a consistency proof that a request may have.
inline constexpr size_t kConsistencyLinesMax = 63;
inline constexpr size_t kAddCheckpointBytesMax = kNoteBytesMax + 4'096;

struct AddCheckpoint {
  TreeSize old_size;  // Of the last checkpoint that the witness cosigned; 0 when it knows none.
  std::vector<Digest> proof;  // From the old size to the checkpoint's.
  std::string checkpoint;     // The signed note's bytes.

  // The body of the request.
  std::string ToString() const;

  friend bool operator==(const AddCheckpoint&, const AddCheckpoint&) = default;
};

// The request that this body is. InvalidArgument, with the number of the line, for anything but
// what ToString writes of it. The checkpoint is taken as it stands.
absl::StatusOr<AddCheckpoint> ParseAddCheckpoint(std::string_view body);

// The body of a 409 answer, content type text/x.tlog.size: the size that the witness knows.
std::string FormatKnownSize(TreeSize size);
absl::StatusOr<TreeSize> ParseKnownSize(std::string_view body);

// A cosignature that was verified.
struct Cosignature {
  Signature signature;
  Instant time;
};

// Those cosignatures of a 200 answer that `witness_keys` made on the checkpoint with this text;
// lines of other keys are ignored. InvalidArgument when the answer is not 1 to kSignaturesMax
// signature lines; PermissionDenied when a known key's does not verify or has time 0;
// Unauthenticated when no known key signed.
absl::StatusOr<std::vector<Cosignature>> ReadCosignatures(
    std::string_view body, std::string_view checkpoint_text,
    absl::Span<const VerifierKey> witness_keys);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_ADD_CHECKPOINT_H_
