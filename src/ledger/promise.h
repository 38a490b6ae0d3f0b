// SPDX-License-Identifier: Apache-2.0
//
// Promise: a checkpoint that was shown to somebody. A journal must keep it: it may grow, but never
// be shorter, and never begin with other entries.

#ifndef CONSENT_LEDGER_PROMISE_H_
#define CONSENT_LEDGER_PROMISE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/journal/tile_reader.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/verifier_key.h"

namespace consent::ledger {

struct Promise {
  std::string who;  // Who has seen it: "the store", "the guard", "a witness".
  tlog::Checkpoint checkpoint;
};

// The promise in a signed note. FailedPrecondition when it is not a checkpoint of this journal that
// one of `keys` has signed.
absl::StatusOr<Promise> ReadPromise(std::string who, const std::string& note,
                                    const std::string& origin,
                                    absl::Span<const tlog::VerifierKey> keys);

// OK when the journal, whose tiles reach `size`, keeps the promise. FailedPrecondition when it is
// shorter, or begins with other entries: the message says what to do. DataLoss when its tiles
// cannot be read.
absl::Status CheckPromise(const journal::TileReader& tiles, TreeSize size, const Promise& promise);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_PROMISE_H_
