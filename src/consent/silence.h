// SPDX-License-Identifier: Apache-2.0
//
// Silence: the days on which law lets a consumer who declined alone. Private to the core.

#ifndef CONSENT_CONSENT_SILENCE_H_
#define CONSENT_CONSENT_SILENCE_H_

#include "src/base/instant.h"
#include "src/consent/question.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

struct Silence {
  const Rule* rule = nullptr;  // Null: none.
  Instant until;               // Exclusive, as far as this rule goes.
};

// The first silence that a contact on `basis` would break at `t`. Requires a zone.
Silence SilenceAt(const Question& question, Basis basis, Instant t);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_SILENCE_H_
