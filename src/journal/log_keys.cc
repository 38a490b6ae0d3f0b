// SPDX-License-Identifier: Apache-2.0

#include "src/journal/log_keys.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "src/crypto/jws.h"

namespace consent::journal {

absl::StatusOr<LogKeys> LogKeys::Make(std::vector<crypto::SigningKey> keys) {
  if (keys.empty() || keys.size() > kKeysMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("journal keys: expected 1 to ", kKeysMax, ", found ", keys.size()));
  }
  for (auto key = keys.begin(); key != keys.end(); ++key) {
    if (key->algorithm() != crypto::Algorithm::kEd25519) {
      return absl::InvalidArgumentError("journal keys: expected Ed25519");
    }
    if (std::any_of(keys.begin(), key, [&](const crypto::SigningKey& other) {
          return other.public_key() == key->public_key();
        })) {
      return absl::InvalidArgumentError("journal keys: the same key twice");
    }
  }
  return LogKeys(std::move(keys));
}

absl::StatusOr<std::string> LogKeys::Sign(const tlog::Checkpoint& checkpoint) const {
  std::vector<tlog::NoteSigner> signers;
  for (const crypto::SigningKey& key : keys_) signers.emplace_back(checkpoint.origin, key);
  return tlog::SignCheckpoint(checkpoint, signers);
}

std::string LogKeys::Jwks() const {
  std::string keys;
  for (const crypto::SigningKey& key : keys_) {
    absl::StrAppend(&keys, keys.empty() ? "" : ",", crypto::JwkOf(key.public_key()));
  }
  return absl::StrCat("{\"keys\":[", keys, "]}");
}

std::vector<tlog::VerifierKey> LogKeys::VerifierKeys(const std::string& origin) const {
  std::vector<tlog::VerifierKey> verifiers;
  for (const crypto::SigningKey& key : keys_) {
    verifiers.push_back(tlog::NoteSigner(origin, key).verifier_key());
  }
  return verifiers;
}

}  // namespace consent::journal
