// SPDX-License-Identifier: Apache-2.0
//
// The service's own keys, by name:
//
//   pepper.N   names contact points (HMAC), N up to 255; losing one loses every consumer under it
//   permit.N   seals permit ids; losing it voids the permits that are open
//   master.N   seals the consumers' secrets in the store; losing it loses what the openings hide
//   journal.N  signs checkpoints and signed permits (Ed25519)
//
// Where there are several of a kind the highest number makes what is new, and the others are good
// for what is old: that is rotation (docs/guides/keys.md). A new ledger makes the keys it lacks. An
// old one must find them: it never makes any.

#ifndef CONSENT_KEYS_KEYS_H_
#define CONSENT_KEYS_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/contact/contact_id.h"
#include "src/crypto/signing_key.h"
#include "src/crypto/token.h"
#include "src/journal/sealed_store.h"
#include "src/keys/key_source.h"

namespace consent::keys {

struct Keys {
  contact::Peppers peppers;
  crypto::TokenKey permit;
  std::vector<journal::MasterKey> master;   // The newest first; at least one.
  std::vector<crypto::SigningKey> journal;  // The newest first; at least one.
};

// All keys of `source`; those that are missing are made if `may_create`. FailedPrecondition when
// one is missing, wrong, or can be read by others.
absl::StatusOr<Keys> OpenKeys(const KeySource& source, bool may_create);

// The master keys alone, for tools that read a store: none where there are none.
absl::StatusOr<std::vector<journal::MasterKey>> OpenMasterKeys(const KeySource& source);

}  // namespace consent::keys

#endif  // CONSENT_KEYS_KEYS_H_
