// SPDX-License-Identifier: Apache-2.0
//
// Fingerprint: what is left of a contact id when its holder has been erased.
//
// Whoever asks about the contact point again arrives at the same fingerprint, and so at the
// tombstone that keeps the person's objections; from the fingerprint nobody gets back to the
// contact id, nor, without the pepper, to a contact point.

#ifndef CONSENT_LEDGER_FINGERPRINT_H_
#define CONSENT_LEDGER_FINGERPRINT_H_

#include "src/base/ids.h"

namespace consent::ledger {

// The contact id's version, and the first 31 bytes of SHA-256("consent-ledger/fingerprint/1" ||
// contact id). It takes the contact id's place in records and in the index, and so has its type; it
// is never the contact id of anything.
ContactId FingerprintOf(const ContactId& contact);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_FINGERPRINT_H_
