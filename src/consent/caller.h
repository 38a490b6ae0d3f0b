// SPDX-License-Identifier: Apache-2.0
//
// Callers: whether the number that the consumer would see may be shown. Private to the core.

#ifndef CONSENT_CONSENT_CALLER_H_
#define CONSENT_CONSENT_CALLER_H_

#include "src/base/instant.h"
#include "src/consent/question.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

struct CallerFinding {
  bool allowed = true;
  const Rule* rule = nullptr;  // The law that forbids it; null: the number is not the company's.
};

// Of the request's caller number at `t`, for a contact on `basis`.
CallerFinding FindCaller(const Question& question, Basis basis, Instant t);

// The first moment after `t` at which another finding may come; kNever when there is none.
Instant NextCallerEdge(const Question& question, Instant t);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_CALLER_H_
