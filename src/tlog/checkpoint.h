// SPDX-License-Identifier: Apache-2.0
//
// Checkpoints (C2SP tlog-checkpoint): a log's signed word on its size and root.
//
//   example.com/behind-the-sofa
//   20852163
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//
// is the text; a note carries it with the log's signature and, where there are witnesses, theirs.
// The origin names the log: of this ledger's journals, ORIGIN/1 and ORIGIN/directory.
//
// Threads: plain values.

#ifndef CONSENT_TLOG_CHECKPOINT_H_
#define CONSENT_TLOG_CHECKPOINT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/merkle/compact_tree.h"
#include "src/tlog/note.h"

namespace consent::tlog {

inline constexpr size_t kOriginBytesMax = 255;
inline constexpr size_t kExtensionsMax = 64;

struct Checkpoint {
  std::string origin;  // 1 to kOriginBytesMax bytes, without newlines.
  TreeSize size;       // At most merkle::kMaxTreeSize.
  Digest root;
  std::vector<std::string> extensions;  // Opaque lines, none empty. Ours have none.

  // The note's text, final newline included.
  std::string ToText() const;

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The checkpoint of a note's text. InvalidArgument, with the number of the line, for anything but
// what ToText writes. That an empty tree has the empty tree's root is not checked here:
// merkle::VerifyConsistency does.
absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text);

struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;  // Its text is the checkpoint's.
};

// The checkpoint of a signed note by the log `origin`, whose keys are `log_keys`. At least one of
// them signed it, and none badly. Errors: InvalidArgument for a malformed note or text; those of
// VerifyNote; FailedPrecondition for the checkpoint of another log. Cosignatures are not judged:
// pass the note to Policy (policy.h).
absl::StatusOr<SignedCheckpoint> OpenCheckpoint(std::string_view note_bytes,
                                                std::string_view origin,
                                                absl::Span<const VerifierKey> log_keys);

// A checkpoint signed by a log, as the note's bytes.
// Unavailable as SigningKey::Sign.
absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint,
                                           absl::Span<const NoteSigner> signers);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_CHECKPOINT_H_
