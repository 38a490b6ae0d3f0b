// SPDX-License-Identifier: Apache-2.0
//
// The service's own keys: files in DATA/keys, readable by the service alone.
//
//   pepper.1   names contact points (HMAC); losing it loses every consumer
//   permit     seals permit ids; losing it voids the permits that are open
//   journal.N  signs checkpoints and signed permits (Ed25519). Every file of that name signs, the
//              highest number first: to rotate, add a file, announce its key, and remove the old
//              one when everybody knows the new
//
// A new ledger makes them. An old one must find them: it never makes a second pepper.

#ifndef CONSENT_CONSENTD_KEYS_H_
#define CONSENT_CONSENTD_KEYS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/contact/contact_id.h"
#include "src/crypto/private_key.h"
#include "src/crypto/token.h"

namespace consent::consentd {

struct Keys {
  contact::Pepper pepper;
  // Follows from the pepper and does not reveal it; kept in the store.
  std::string pepper_check;
  crypto::TokenKey permit;
  std::vector<crypto::PrivateKey> journal;  // The newest first; at least one.
};

// Reads the keys in `folder`; makes those that are missing if `may_create`. FailedPrecondition when
// one is missing, or a file can be read by others.
absl::StatusOr<Keys> OpenKeys(const std::string& folder, bool may_create);

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_KEYS_H_
