// SPDX-License-Identifier: Apache-2.0
//
// What is done with a permit after it was given: confirm, release, report an outcome. The order of
// denials is that of docs/reference/scenario.md, "File".

#include <utility>

#include "src/consent/answer.h"
#include "src/consent/decide.h"
#include "src/consent/judge.h"
#include "src/consent/question.h"

namespace consent::core {
namespace {

// A contact and the company that made it; both null when there is no such permit.
struct Permit {
  const CompanyRecord* between = nullptr;
  const Contact* contact = nullptr;
};

Permit Find(const Record& record, LeafIndex position) {
  for (const CompanyRecord& between : record.companies) {
    if (const Contact* contact = between.contacts.Find(position)) return {&between, contact};
  }
  return {};
}

bool IsLost(const Contact& contact, const Moment& moment) {
  return moment.loss != nullptr && moment.loss->Voids(contact.position);
}

// What denies any of the three; kOk when nothing does.
Reason WhyGone(const Contact* contact, const Moment& moment) {
  if (contact == nullptr) return Reason::kNoSuchPermit;
  if (contact->state == Contact::State::kReleased || contact->state == Contact::State::kRefused) {
    return Reason::kAlreadyDone;
  }
  if (contact->held() && (IsLost(*contact, moment) || moment.now >= contact->lapses_at())) {
    return Reason::kPermitLapsed;
  }
  return Reason::kOk;
}

// What denies a confirmation or a release, the grant aside.
Reason WhyNotHeld(const Contact* contact, const Moment& moment) {
  const Reason gone = WhyGone(contact, moment);
  if (gone == Reason::kOk && !contact->held()) return Reason::kAlreadyDone;
  return gone;
}

Reason WhyNoOutcome(const Contact* contact, Outcome outcome, const Moment& moment) {
  const Reason gone = WhyGone(contact, moment);
  if (gone != Reason::kOk) return gone;
  if (contact->held()) return Reason::kNotConfirmed;
  if (contact->state == Contact::State::kReported) return Reason::kAlreadyDone;
  if (outcome == Outcome::kNotSent &&
      (IsLost(*contact, moment) || moment.now >= *contact->contact_before)) {
    return Reason::kPermitExpired;
  }
  return Reason::kOk;
}

// These answers are about a permit that the company holds, or does not: no stranger asks.
Judgement Plain(Decision decision) {
  Judgement judgement;
  judgement.answered = decision;
  judgement.decision = std::move(decision);
  return judgement;
}

Judgement Done(EventBody event) {
  Judgement judgement = Plain(Bare(Verdict::kDone, Reason::kUnspecified));
  judgement.event = std::move(event);
  return judgement;
}

}  // namespace

Judgement DecideConfirm(const Record& record, LeafIndex permit, const Moment& moment) {
  const auto [between, contact] = Find(record, permit);
  if (const Reason reason = WhyNotHeld(contact, moment); reason != Reason::kOk) {
    return Plain(Bare(Verdict::kDenied, reason));
  }
  const Request& request = contact->request();
  const Question question = Ask(record, request, between->company, moment);
  const Standing standing = JudgeAsideLimits(question, moment.now);
  Decision decision = Bare(Verdict::kDone, Reason::kUnspecified);
  if (standing.reason == Reason::kOk) {
    decision.contact_before = ForbiddenFrom(question, moment.now, moment.now + request.permit_ttl);
  } else {
    decision.verdict = Verdict::kDenied;
    decision.reason = standing.reason;
  }
  Judgement judgement = Tell(std::move(decision), between, std::nullopt);
  Confirmed confirmed;
  confirmed.company = between->company;
  confirmed.permit = permit;
  const bool refused = judgement.decision.verdict == Verdict::kDenied;
  confirmed.reason = refused ? judgement.answered.reason : Reason::kOk;
  confirmed.contact_before = judgement.decision.contact_before;
  confirmed.true_reason = standing.reason;
  judgement.event = std::move(confirmed);
  return judgement;
}

Judgement DecideRelease(const Record& record, LeafIndex permit, const Moment& moment) {
  const auto [between, contact] = Find(record, permit);
  if (const Reason reason = WhyNotHeld(contact, moment); reason != Reason::kOk) {
    return Plain(Bare(Verdict::kDenied, reason));
  }
  return Done(Released{between->company, permit});
}

Judgement DecideOutcome(const Record& record, LeafIndex permit, Outcome outcome,
                        const Moment& moment) {
  const auto [between, contact] = Find(record, permit);
  if (const Reason reason = WhyNoOutcome(contact, outcome, moment); reason != Reason::kOk) {
    return Plain(Bare(Verdict::kDenied, reason));
  }
  return Done(OutcomeReported{between->company, permit, outcome});
}

}  // namespace consent::core
