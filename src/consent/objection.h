// SPDX-License-Identifier: Apache-2.0
//
// Objections: what forbids a contact before anybody asks what allows it. Blocks, a pause, lists.
// Private to the core.

#ifndef CONSENT_CONSENT_OBJECTION_H_
#define CONSENT_CONSENT_OBJECTION_H_

#include "src/base/instant.h"
#include "src/consent/ground.h"
#include "src/consent/question.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

struct Objection {
  Reason reason = Reason::kOk;  // kOk: nothing objects.
  const Rule* rule = nullptr;   // The law behind a list; null when there is none.
};

// Whether the request names no processor, or one that may act for the company at `t`.
bool IsDelegated(const Question& question, Instant t);

// NOT_DELEGATED, BLOCKED, PAUSED, LISTED or UNSCREENED, in this order. `ground` is that of the same
// moment: a list yields to the consumer's own later word.
Objection FindObjection(const Question& question, const Ground& ground, Instant t);

// The first moment after `t` at which another objection may be found; kNever when there is none.
Instant NextObjectionEdge(const Question& question, Instant t);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_OBJECTION_H_
