// SPDX-License-Identifier: Apache-2.0
//
// The service's own keys: files in DATA/keys, readable by the service alone.
//
//   pepper.1   names contact points (HMAC); losing it loses every consumer
//   permit     seals permit ids; losing it voids the permits that are open
//
// A new ledger makes them. An old one must find them: it never makes a second pepper.

#ifndef CONSENT_CONSENTD_KEYS_H_
#define CONSENT_CONSENTD_KEYS_H_

#include <string>

#include "absl/status/statusor.h"
#include "src/contact/contact_id.h"
#include "src/crypto/token.h"

namespace consent::consentd {

struct Keys {
  contact::Pepper pepper;
  // Follows from the pepper and does not reveal it; kept in the store.
  std::string pepper_check;
  crypto::TokenKey permit;
};

// Reads the keys in `folder`; makes those that are missing if `may_create`. FailedPrecondition when
// one is missing, or a file can be read by others.
absl::StatusOr<Keys> OpenKeys(const std::string& folder, bool may_create);

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_KEYS_H_
