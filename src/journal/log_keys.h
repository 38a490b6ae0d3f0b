// SPDX-License-Identifier: Apache-2.0
//
// LogKeys: the keys that sign a ledger's checkpoints (C2SP signed-note, Ed25519).
//
// Every key signs every checkpoint, so that a new key can be announced and trusted while the old
// one is still there: that is rotation. A key signs under the journal's origin as its name, so each
// journal has verifier keys of its own.
//
// Threads: const use from any thread.

#ifndef CONSENT_JOURNAL_LOG_KEYS_H_
#define CONSENT_JOURNAL_LOG_KEYS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "src/crypto/signing_key.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/verifier_key.h"

namespace consent::journal {

class LogKeys {
 public:
  static constexpr size_t kKeysMax = 4;

  // The newest key first. InvalidArgument unless they are 1 to kKeysMax Ed25519 keys, all
  // different.
  static absl::StatusOr<LogKeys> Make(std::vector<crypto::SigningKey> keys);

  // The checkpoint as a signed note, with a signature of each key. Unavailable when one of them is
  // in a device that does not sign.
  absl::StatusOr<std::string> Sign(const tlog::Checkpoint& checkpoint) const;

  // The newest key: it signs permits too.
  const crypto::SigningKey& newest() const { return keys_.front(); }
  // The public keys as a JWK set (RFC 7517): what verifies signed permits.
  std::string Jwks() const;

  // What verifies the checkpoints of the journal `origin`.
  std::vector<tlog::VerifierKey> VerifierKeys(const std::string& origin) const;

 private:
  explicit LogKeys(std::vector<crypto::SigningKey> keys) : keys_(std::move(keys)) {}

  std::vector<crypto::SigningKey> keys_;
};

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_LOG_KEYS_H_
