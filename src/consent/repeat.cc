// SPDX-License-Identifier: Apache-2.0

#include "src/consent/repeat.h"

#include <optional>
#include <utility>

#include "src/consent/answer.h"
#include "src/consent/judge.h"

namespace consent::core {
namespace {

bool SameContent(const Request& a, const Request& b) {
  return a.channel == b.channel && a.purpose == b.purpose && a.permit_ttl == b.permit_ttl &&
         a.hold == b.hold && a.caller_number == b.caller_number && a.matter == b.matter &&
         a.contract == b.contract && a.processor == b.processor && a.agent == b.agent &&
         a.agent_country == b.agent_country;
}

// Why the permit itself gives no contact any more; kOk when it is held or can be used.
Reason WhySpent(const Question& question, const Contact& contact, Instant now) {
  switch (contact.state) {
    case Contact::State::kReleased:
    case Contact::State::kRefused:
      return Reason::kPermitReleased;
    case Contact::State::kReported:
      return Reason::kPermitUsed;
    case Contact::State::kOpen:
      break;
  }
  const bool lost = question.loss != nullptr && question.loss->Voids(contact.position);
  if (contact.held()) {
    return lost || now >= contact.lapses_at() ? Reason::kPermitLapsed : Reason::kOk;
  }
  return lost || now >= *contact.contact_before ? Reason::kPermitExpired : Reason::kOk;
}

Decision FirstAnswer(const Question& question, const Contact& contact, Instant now) {
  Decision decision = Bare(Verdict::kAllowed, Reason::kOk);
  decision.basis = contact.basis();
  decision.rule = contact.circumstances->rule;
  decision.grant = contact.circumstances->grant;
  decision.remaining = contact.remaining();
  decision.next_allowed = contact.next_allowed;
  if (!contact.held()) {
    decision.contact_before = ForbiddenFrom(question, now, *contact.contact_before);
  }
  decision.permit = contact.position;
  return decision;
}

}  // namespace

Judgement DecideRepeat(const Question& question, const Contact& earlier, const Request& request,
                       Instant now) {
  if (!SameContent(earlier.request(), request)) {
    return Tell(Bare(Verdict::kError, Reason::kRequestIdReused), question.between, std::nullopt);
  }
  Decision denial = Bare(Verdict::kDenied, WhySpent(question, earlier, now));
  if (denial.reason == Reason::kOk && earlier.held()) {
    // Held is held, whatever has been said meanwhile: its confirmation will be judged.
    return Tell(FirstAnswer(question, earlier, now), question.between, earlier.told_next_allowed);
  }
  if (denial.reason == Reason::kOk) {
    const Standing standing = JudgeAsideLimits(question, now);
    if (standing.reason == Reason::kOk) {
      return Tell(FirstAnswer(question, earlier, now), question.between, earlier.told_next_allowed);
    }
    Cite(standing, denial);
  }
  Judgement judgement = Tell(std::move(denial), question.between, std::nullopt);
  judgement.event = DecidedAs(request, judgement);
  return judgement;
}

}  // namespace consent::core
