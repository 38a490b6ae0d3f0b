// SPDX-License-Identifier: Apache-2.0

#include "src/consent/answer.h"

#include <utility>

namespace consent::core {

Decision Bare(Verdict verdict, Reason reason) {
  Decision decision;
  decision.verdict = verdict;
  decision.reason = reason;
  return decision;
}

Judgement Tell(Decision decision, const CompanyRecord* between) {
  Judgement judgement;
  judgement.decision = std::move(decision);
  const bool stranger = between == nullptr || between->grants.empty();
  judgement.answered =
      stranger ? Bare(Verdict::kDenied, Reason::kNoPermission) : judgement.decision;
  return judgement;
}

Decided DecidedAs(const Request& request, const Judgement& judgement) {
  const Decision& told = judgement.answered;
  Decided decided;
  decided.request = request;
  decided.answer = {told.verdict, told.reason,    told.basis,        told.limit,         told.rule,
                    told.grant,   told.remaining, told.next_allowed, told.contact_before};
  decided.true_reason = judgement.decision.reason;
  decided.true_limit = judgement.decision.limit;
  return decided;
}

}  // namespace consent::core
