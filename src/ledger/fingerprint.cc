// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/fingerprint.h"

#include "src/crypto/hash.h"

namespace consent::ledger {

ContactId FingerprintOf(const ContactId& contact) {
  const Digest digest = crypto::Sha256({"consent-ledger/fingerprint/1", contact.view()});
  return *ContactId::FromBytes(digest.view());  // Both have 32 bytes.
}

}  // namespace consent::ledger
