// SPDX-License-Identifier: Apache-2.0
//
// Opening: whether the clock and the calendar allow a contact: the law's hours, then the grant's,
// then the consumer's quiet ones, in every zone the consumer may be in. Private to the core.

#ifndef CONSENT_CONSENT_OPENING_H_
#define CONSENT_CONSENT_OPENING_H_

#include "src/base/instant.h"
#include "src/consent/ground.h"
#include "src/consent/question.h"

namespace consent::core {

struct Opening {
  bool open = true;
  const Rule* rule = nullptr;  // The law that closes; null when a person does.
};

// At `t`, for a contact on `ground`. Requires a zone.
Opening OpeningAt(const Question& question, const Ground& ground, Instant t);

// A moment after `t` up to which (exclusive) the answer stays what it is at `t`, ground and law
// being the same; kNever where no hours are asked.
Instant OpeningStaysUntil(const Question& question, const Ground& ground, Instant t);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_OPENING_H_
