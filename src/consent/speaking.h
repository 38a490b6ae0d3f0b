// SPDX-License-Identifier: Apache-2.0
//
// Which of a company's grants speak for a purpose. Private to the core.
//
// A grant *has a say* when it names the purpose, unless it is a claim and the consumer has ever
// signed a grant of their own for that purpose and company. Of those, the latest to arrive whose
// valid_from has come speaks, alone; if none has come, the latest. Revoked and expired grants
// speak too: that is how an ended grant does not revive the one before.
//
// On a shared line that holds for each key by itself: what one person gave stands until that person
// says otherwise, and all that speak must allow a contact.

#ifndef CONSENT_CONSENT_SPEAKING_H_
#define CONSENT_CONSENT_SPEAKING_H_

#include "absl/container/inlined_vector.h"
#include "src/base/instant.h"
#include "src/consent/record.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

using SpeakingGrants = absl::InlinedVector<const KeptGrant*, 1>;

// The grants that speak at `t`, one for each key that gave one, the latest to arrive first; empty
// when none has a say.
SpeakingGrants GrantsThatSpeak(const CompanyRecord& company, Purpose purpose, Instant t);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_SPEAKING_H_
