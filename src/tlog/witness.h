// SPDX-License-Identifier: Apache-2.0
//
// What a witness may sign (C2SP tlog-witness, add-checkpoint), as a pure function of the request
// and of the last checkpoint it signed for that log.
//
// Invariant: whoever signs only what is judged kSign here, and remembers it before it judges the
// next request of that log, never signs two roots for one size, nor two trees of which the larger
// does not begin with the smaller.
//
// Threads: safe from any thread. No I/O and no clock.

#ifndef CONSENT_TLOG_WITNESS_H_
#define CONSENT_TLOG_WITNESS_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/tlog/add_checkpoint.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/note.h"
#include "src/tlog/verifier_key.h"

namespace consent::tlog {

// A request whose checkpoint a known log has signed.
struct Submission {
  AddCheckpoint request;
  Checkpoint checkpoint;
  // The checkpoint's text with the signatures of known keys alone.
  Note note;
};

// The submission that a request's body is, for a witness of the logs whose keys these are (a key's
// name is its log's origin; a log may have several). Errors, with the status of the specification:
//   InvalidArgument    malformed                                                        400
//   NotFound           the checkpoint of a log that is not listed                       404
//   PermissionDenied   not signed by a key of that log, or a signature does not verify  403
absl::StatusOr<Submission> ReadSubmission(std::string_view body,
                                          absl::Span<const VerifierKey> logs);

// The last checkpoint signed for a log.
struct Witnessed {
  TreeSize size;
  Digest root;
  friend bool operator==(const Witnessed&, const Witnessed&) = default;
};

enum class Verdict {
  kSign,          // 200, once it is remembered.
  kMalformed,     // 400: the old size is larger than the checkpoint's.
  kOtherSize,     // 409: the old size is not that of the last checkpoint.
  kInconsistent,  // 422: the checkpoint does not continue the last one, as far as is shown.
};

struct Judgement {
  Verdict verdict = Verdict::kMalformed;
  // Another root than the last one's for its very size, both signed by the log: with the two notes
  // anyone can show that the log forked. May come with any verdict but kSign.
  bool forked = false;
};

// `last` is none for a log for which nothing was signed yet.
Judgement Judge(const Submission& submission, const std::optional<Witnessed>& last);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_WITNESS_H_
