// SPDX-License-Identifier: Apache-2.0

#include "src/consent/answer.h"

#include <utility>

#include "src/consent/room.h"

namespace consent::core {
namespace {

bool IsStranger(const CompanyRecord* between) {
  return between == nullptr || (between->grants.empty() && between->contracts.empty() &&
                                between->callbacks.empty() && between->contacts.empty());
}

bool IsHidden(const Remaining& remaining) { return IsPreference(remaining.limit); }

// Without what is between the consumer and others.
Decision Told(const Decision& decision, std::optional<Instant> next_allowed) {
  Decision told = decision;
  std::erase_if(told.remaining, IsHidden);
  told.next_allowed = next_allowed;
  if (IsPreference(told.limit)) {
    told.reason = Reason::kConsumerLimit;
    told.limit.clear();
  }
  return told;
}

}  // namespace

Decision Bare(Verdict verdict, Reason reason) {
  Decision decision;
  decision.verdict = verdict;
  decision.reason = reason;
  return decision;
}

void Cite(const Standing& standing, Decision& decision) {
  decision.reason = standing.reason;
  if (standing.ground.grant != nullptr) decision.grant = standing.ground.grant->grant.id;
  if (standing.rule != nullptr) decision.rule = standing.rule->id;
}

bool IsToldNothing(const Decision& decision, const CompanyRecord* between) {
  // Whether a processor may act is a matter of the directory, which everybody may read.
  return decision.verdict == Verdict::kDenied && IsStranger(between) &&
         decision.reason != Reason::kNotDelegated;
}

Judgement Tell(Decision decision, const CompanyRecord* between,
               std::optional<Instant> told_next_allowed) {
  Judgement judgement;
  judgement.decision = std::move(decision);
  const Decision& whole = judgement.decision;
  judgement.answered = IsToldNothing(whole, between) ? Bare(Verdict::kDenied, Reason::kNoPermission)
                                                     : Told(whole, told_next_allowed);
  return judgement;
}

Decided DecidedAs(const Request& request, const Judgement& judgement) {
  const Decision& told = judgement.answered;
  const Decision& whole = judgement.decision;
  Decided decided;
  decided.request = request;
  decided.answer = {told.verdict, told.reason,    told.basis,        told.limit,         told.rule,
                    told.grant,   told.remaining, told.next_allowed, told.contact_before};
  decided.true_reason = whole.reason;
  decided.true_limit = whole.limit;
  decided.true_rule = whole.rule;
  for (const Remaining& remaining : whole.remaining) {
    if (IsHidden(remaining)) decided.hidden_remaining.push_back(remaining);
  }
  decided.true_next_allowed = whole.next_allowed;
  return decided;
}

}  // namespace consent::core
