// SPDX-License-Identifier: Apache-2.0
//
// The parts that all answers share: what a company is told, and the event of a decision. Private
// to the core.

#ifndef CONSENT_CONSENT_ANSWER_H_
#define CONSENT_CONSENT_ANSWER_H_

#include "src/consent/decide.h"
#include "src/consent/decision.h"
#include "src/consent/event.h"
#include "src/consent/judge.h"
#include "src/consent/record.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// A decision that says only its verdict and reason.
Decision Bare(Verdict verdict, Reason reason);

// Writes down what the standing says of ground and law.
void Cite(const Standing& standing, Decision& decision);

// A judgement without an event, with what the company is told: all of it, except that
//   - a stranger, to whom this consumer never gave anything and with whom they have no contract,
//     learns NO_PERMISSION and nothing else;
//   - of the consumer's caps across all companies a company learns that one is full
//     (CONSUMER_LIMIT), and neither which nor what is left; `told_next_allowed` takes the place of
//     a date that follows from other companies' doings.
// `between` is null when nothing ever lay between the two.
Judgement Tell(Decision decision, const CompanyRecord* between,
               std::optional<Instant> told_next_allowed);

// Whether the company learns nothing of the decision but NO_PERMISSION.
bool IsToldNothing(const Decision& decision, const CompanyRecord* between);

// The event of a judgement on `request` that was allowed or denied.
Decided DecidedAs(const Request& request, const Judgement& judgement);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_ANSWER_H_
