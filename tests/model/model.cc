// SPDX-License-Identifier: Apache-2.0
//
// What is answered: statements, requests, and what is done with permits.

#include "tests/model/model.h"

#include <algorithm>
#include <variant>

namespace consent::model {

using core::Outcome;
using core::Reason;
using core::Signer;
using core::Verdict;

Model::Model(World world, bool look_ahead) : world_(std::move(world)), look_ahead_(look_ahead) {
  for (const std::string& name : world_.zones) {
    absl::TimeZone zone;
    if (absl::LoadTimeZone(name, &zone)) zones_.push_back(zone);
  }
}

Answer Model::Play(const Step& step) {
  const Answer answer = Say(step);
  facts_.push_back({step, answer});
  return answer;
}

Answer Model::Say(const Step& step) const {
  if (const auto* consume = std::get_if<Consume>(&step.act))
    return Consumed(step, consume->request);
  if (const auto* check = std::get_if<Check>(&step.act)) return Checked(step, check->request);
  if (std::holds_alternative<Confirm>(step.act) || std::holds_alternative<Release>(step.act) ||
      std::holds_alternative<Report>(step.act)) {
    return OnPermit(step);
  }
  return Statement(step);
}

// Whether a statement speaks against a claim to `company` that was collected no later.
bool Model::Narrows(const Fact& fact, const std::string& company) const {
  if (const auto* revoke = std::get_if<Revoke>(&fact.step.act)) return revoke->company == company;
  if (const auto* block = std::get_if<Block>(&fact.step.act)) {
    // Which companies a group or a processor stands for may change.
    return block->whose != core::Whose::kCompany || block->company == company ||
           block->company == "*";
  }
  if (const auto* holder = std::get_if<Holder>(&fact.step.act)) return holder->is_new;
  const auto* report = std::get_if<Report>(&fact.step.act);
  if (report == nullptr || fact.answer.verdict != Verdict::kDone) return false;
  if (report->outcome != Outcome::kOpposed && report->outcome != Outcome::kStop) return false;
  return std::any_of(facts_.begin(), facts_.end(), [&](const Fact& asked) {
    const auto* consume = std::get_if<Consume>(&asked.step.act);
    return consume != nullptr && fact.answer.permit == asked.step.name &&
           consume->request.company == company;
  });
}

Answer Model::Statement(const Step& step) const {
  Answer answer;
  answer.reason = Reason::kOk;
  const auto* grant = std::get_if<core::Grant>(&step.act);
  const auto* contract = std::get_if<core::Contract>(&step.act);
  const auto* callback = std::get_if<core::Callback>(&step.act);
  bool outranked = false;
  bool known = false;  // A grant of that id.
  for (const Fact& fact : facts_) {
    const auto* holder = std::get_if<Holder>(&fact.step.act);
    const bool is_new = holder != nullptr && holder->is_new;
    if (grant != nullptr) {
      const auto* word = std::get_if<core::Grant>(&fact.step.act);
      if (word != nullptr && word->company == grant->company && fact.answer.reason == Reason::kOk) {
        known |= word->id == grant->id;
        // The consumer's own word, of whoever holds the contact point now.
        outranked |= grant->signed_by != Signer::kConsumer &&
                     word->signed_by == Signer::kConsumer &&
                     word->purposes.Intersects(grant->purposes);
      }
      if (is_new) known = outranked = false;
      outranked |= grant->signed_by != Signer::kConsumer && grant->collected_at <= fact.step.at &&
                   Narrows(fact, grant->company);
    } else if (callback != nullptr && callback->signed_by != Signer::kConsumer) {
      outranked |= callback->collected_at <= fact.step.at && Narrows(fact, callback->company);
    } else if (contract != nullptr && contract->signed_by != Signer::kConsumer) {
      const auto* contest = std::get_if<Contest>(&fact.step.act);
      const bool contested = contest != nullptr && contest->company == contract->company;
      outranked |= contract->collected_at <= fact.step.at && (contested || is_new);
    }
  }
  if (outranked) {
    answer.reason = Reason::kOutranked;
  } else if (known) {
    answer.reason = Reason::kGrantIdReused;
  }
  return answer;
}

Answer Model::Consumed(const Step& step, const core::Request& request) const {
  const View view = Look(request.company);
  const auto judged = Judge(view, request, step.at, false);
  for (const Contact& contact : view.contacts) {
    // Who may not act for the company is told nothing of what it did before.
    if (judged.reason == Reason::kNotDelegated) break;
    if (contact.request.company != request.company) continue;
    if (contact.request.request_id != request.request_id) continue;
    if (contact.request == request) return Repeated(view, contact, step.at);
    Answer answer;
    answer.verdict = Verdict::kError;
    answer.reason = Reason::kRequestIdReused;
    return answer;
  }

  Answer answer;
  answer.Take(judged);
  if (answer.reason != Reason::kOk) {
    answer.verdict = Verdict::kDenied;
    Describe(view, request, step.at, answer);
    if (look_ahead_) {
      answer.next_allowed = NextAllowed(view, request, step.at, step.at + Seconds{1});
    }
    return answer;
  }
  answer.verdict = Verdict::kAllowed;
  answer.permit = step.name;
  if (request.hold.count == 0)
    answer.contact_before = ContactBefore(view, request, step.at, step.at + request.permit_ttl);
  // The rest is of the state after this contact.
  Model after = *this;
  after.facts_.push_back({step, answer});
  const View taken = after.Look(request.company);
  Describe(taken, request, step.at, answer);
  if (look_ahead_) answer.next_allowed = NextAllowed(taken, request, step.at, step.at);
  return answer;
}

Answer Model::Repeated(const View& view, const Contact& contact, Instant now) const {
  Answer answer;
  answer.verdict = Verdict::kDenied;
  if (contact.given_back) {
    answer.reason = Reason::kPermitReleased;
  } else if (contact.LapsedAt(now)) {
    answer.reason = Reason::kPermitLapsed;
  } else if (contact.held()) {
    answer.reason = Reason::kOk;
  } else if (contact.outcome.has_value()) {
    answer.reason = Reason::kPermitUsed;
  } else if (contact.ExpiredAt(now)) {
    answer.reason = Reason::kPermitExpired;
  } else {
    const Finding finding = Judge(view, contact.request, now, true);
    answer.reason = finding.reason;
    answer.rule = finding.rule;
  }
  if (answer.reason != Reason::kOk) return answer;
  answer = contact.first;
  answer.contact_before.reset();
  // The present end: a grant that came meanwhile may forbid sooner than was foreseen.
  if (!contact.held()) {
    answer.contact_before = ContactBefore(view, contact.request, now, *contact.contact_before);
  }
  return answer;
}

Answer Model::Checked(const Step& step, const core::Request& request) const {
  const View view = Look(request.company);
  Answer answer;
  answer.Take(Judge(view, request, step.at, false));
  const bool allowed = answer.reason == Reason::kOk;
  answer.verdict = allowed ? Verdict::kAllowed : Verdict::kDenied;
  Describe(view, request, step.at, answer);
  if (allowed)
    answer.contact_before = ContactBefore(view, request, step.at, step.at + request.permit_ttl);
  if (look_ahead_) answer.next_allowed = NextAllowed(view, request, step.at, step.at);
  return answer;
}

Answer Model::OnPermit(const Step& step) const {
  const auto* confirm = std::get_if<Confirm>(&step.act);
  const auto* release = std::get_if<Release>(&step.act);
  const auto* report = std::get_if<Report>(&step.act);
  const std::optional<Contact> contact = Permit(confirm != nullptr   ? confirm->of
                                                : release != nullptr ? release->of
                                                                     : report->of);
  const Instant now = step.at;

  Answer answer;
  answer.verdict = Verdict::kDenied;
  if (!contact.has_value()) {
    answer.reason = Reason::kNoSuchPermit;
    return answer;
  }
  answer.permit = contact->name;
  if (contact->given_back) {
    answer.reason = Reason::kAlreadyDone;
  } else if (contact->LapsedAt(now)) {
    answer.reason = Reason::kPermitLapsed;
  } else if (report == nullptr && !contact->held()) {
    answer.reason = Reason::kAlreadyDone;
  } else if (report != nullptr && contact->held()) {
    answer.reason = Reason::kNotConfirmed;
  } else if (report != nullptr && contact->outcome.has_value()) {
    answer.reason = Reason::kAlreadyDone;
  } else if (report != nullptr && report->outcome == Outcome::kNotSent && contact->ExpiredAt(now)) {
    answer.reason = Reason::kPermitExpired;
  } else if (confirm != nullptr) {
    const View view = Look(contact->request.company);
    const Reason reason = Judge(view, contact->request, now, true).reason;
    if (reason != Reason::kOk) {
      answer.reason = reason;
      answer.gave_back = true;
    } else {
      answer.verdict = Verdict::kDone;
      answer.contact_before =
          ContactBefore(view, contact->request, now, now + contact->request.permit_ttl);
    }
  } else {
    answer.verdict = Verdict::kDone;
  }
  return answer;
}

}  // namespace consent::model
