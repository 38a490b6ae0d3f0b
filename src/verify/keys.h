// SPDX-License-Identifier: Apache-2.0
//
// Keys and checkpoints as a verifier takes them: a log is who the key's name says it is.

#ifndef CONSENT_VERIFY_KEYS_H_
#define CONSENT_VERIFY_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/verifier_key.h"

namespace consent::verify {

// InvalidArgument, with its number, for a text that is no verifier key. Spaces around are skipped,
// and a text may hold several keys, one a line, as the log's `vkey` file does.
absl::StatusOr<std::vector<tlog::VerifierKey>> ParseKeys(const std::vector<std::string>& texts);

// The checkpoint of a signed note, of the log that the signing key names. One key signs all
// journals of a ledger, so that a signature alone does not say of which journal a checkpoint is:
// only keys whose name is the checkpoint's origin count. Errors of tlog::OpenCheckpoint;
// Unauthenticated when no key has that name.
absl::StatusOr<tlog::SignedCheckpoint> OpenByKeys(std::string_view note,
                                                  const std::vector<tlog::VerifierKey>& keys);

// Those of the keys whose name is the origin of a checkpoint's note.
absl::StatusOr<std::vector<tlog::VerifierKey>> KeysOf(std::string_view note,
                                                      const std::vector<tlog::VerifierKey>& keys);

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_KEYS_H_
