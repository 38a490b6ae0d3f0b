// SPDX-License-Identifier: Apache-2.0
//
// The parts that all answers share: what a company is told, and the event of a decision. Private
// to the core.

#ifndef CONSENT_CONSENT_ANSWER_H_
#define CONSENT_CONSENT_ANSWER_H_

#include "src/consent/decide.h"
#include "src/consent/decision.h"
#include "src/consent/event.h"
#include "src/consent/record.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// A decision that says only its verdict and reason.
Decision Bare(Verdict verdict, Reason reason);

// A judgement without an event, with what the company is told: all of it, except that a stranger,
// a company that never had a grant from this consumer, learns NO_PERMISSION and nothing else.
// `between` is null when nothing ever lay between the two.
Judgement Tell(Decision decision, const CompanyRecord* between);

// The event of a judgement on `request` that was allowed or denied.
Decided DecidedAs(const Request& request, const Judgement& judgement);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_ANSWER_H_
