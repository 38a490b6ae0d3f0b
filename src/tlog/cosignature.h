// SPDX-License-Identifier: Apache-2.0
//
// Cosignatures (C2SP tlog-cosignature, version 1, Ed25519): a witness says that at a time this was
// the largest tree of the log that it had seen, and that it was consistent with all before.
//
// A cosignature is a signature line like others; its key has type kCosignature. What is signed is
// two lines, then the checkpoint's text:
//
//   cosignature/v1
//   time 1679315147
//
// and the signature is the time, 8 bytes big-endian, and 64 bytes of Ed25519.
//
// Threads: safe from any thread. No I/O and no clock: time is an argument.

#ifndef CONSENT_TLOG_COSIGNATURE_H_
#define CONSENT_TLOG_COSIGNATURE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/base/instant.h"
#include "src/tlog/note.h"
#include "src/tlog/verifier_key.h"

namespace consent::tlog {

// A time and an Ed25519 signature.
inline constexpr size_t kCosignatureBytes = 72;

// What is signed for a checkpoint with this text (its final newline included) at this time.
std::string CosignedMessage(std::string_view text, Instant time);

// The cosignature of a checkpoint's text. InvalidArgument when the signer's key is not of type
// kCosignature or the time not after 1970 began. Whether the witness may sign this is not known
// here: it must have stored the checkpoint as the latest of its log before.
absl::StatusOr<Signature> Cosign(const NoteSigner& signer, std::string_view text, Instant time);

// The time at which this key cosigned the text. `signature` is what follows the id in a signature
// line. InvalidArgument for a key of another type, another length, or a time above 2^63 - 1;
// PermissionDenied when it does not verify. Zero is a time that says nothing: a witness that
// answers add-checkpoint must not use it (add_checkpoint.h refuses it), others may.
absl::StatusOr<Instant> VerifyCosignature(const VerifierKey& key, std::string_view text,
                                          std::string_view signature);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_COSIGNATURE_H_
