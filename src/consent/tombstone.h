// SPDX-License-Identifier: Apache-2.0
//
// Tombstone: what is left of a consumer who was erased.
//
// The record goes, with all that could name the person: contact ids, keys, zone, grants, contacts,
// statements. A new consumer takes its place, found by fingerprints: one-way images of the contact
// ids, which whoever holds the contact point again arrives at and which name nobody. It carries on
// the blocks that stood, so that an objection outlives the person's data, and one date: nothing
// that was signed up to then is ever taken in again.

#ifndef CONSENT_CONSENT_TOMBSTONE_H_
#define CONSENT_CONSENT_TOMBSTONE_H_

#include <cstdint>
#include <functional>

#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/consent/record.h"

namespace consent::core {

// The signed request to be erased. Its envelope would name the person and is not kept.
struct ErasureRequest {
  StatementId id;
  int64_t signed_at_ms = 0;  // Counted as no later than the arrival.
  Instant arrived;
};

// The one-way image of a contact id.
using Fingerprint = std::function<ContactId(const ContactId&)>;

// The event that makes the new consumer out of the one that dies. `dying` may itself be of a
// consumer who came back after an erasure: its fingerprints and the handles erased then are
// carried on. Apply it with `Evolve` to an empty record.
Erased Tombstone(const Record& dying, const ErasureRequest& request,
                 const Fingerprint& fingerprint);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_TOMBSTONE_H_
