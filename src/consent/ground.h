// SPDX-License-Identifier: Apache-2.0
//
// Ground: what a contact stands on. A callback that the consumer asked for; else the grant that
// speaks; else, where the consumer has said neither yes nor no, what law puts in the place of
// consent. Private to the core.

#ifndef CONSENT_CONSENT_GROUND_H_
#define CONSENT_CONSENT_GROUND_H_

#include "src/base/instant.h"
#include "src/consent/question.h"
#include "src/consent/record.h"
#include "src/consent/speaking.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

struct Ground {
  // kOk: there is one. Else why consent does not carry the contact, and nothing else does.
  Reason reason = Reason::kNoPermission;
  Basis basis = Basis::kUnspecified;       // Set when there is one.
  const KeptGrant* grant = nullptr;        // The grant that spoke, also when it said no.
  SpeakingGrants grants;                   // All that spoke, on a basis of consent.
  const KeptCallback* callback = nullptr;  // Of a callback.
  const Rule* rule = nullptr;              // The exemption relied on, or the rule that denies.
};

Ground FindGround(const Question& question, Instant t);

// The callback that is live at `t`; null when there is none.
const KeptCallback* LiveCallback(const Question& question, Instant t);

// The first moment after `t` at which another ground may be found; kNever when there is none.
Instant NextGroundEdge(const Question& question, Instant t);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_GROUND_H_
