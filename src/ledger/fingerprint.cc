// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/fingerprint.h"

#include <algorithm>

#include "src/contact/contact_id.h"
#include "src/crypto/hash.h"

namespace consent::ledger {

ContactId FingerprintOf(const ContactId& contact) {
  const Digest digest = crypto::Sha256({"consent-ledger/fingerprint/1", contact.view()});
  ContactId fingerprint;
  fingerprint.bytes[0] = contact::VersionOf(contact);
  std::copy_n(digest.bytes.begin(), ContactId::kSize - 1, fingerprint.bytes.begin() + 1);
  return fingerprint;
}

}  // namespace consent::ledger
