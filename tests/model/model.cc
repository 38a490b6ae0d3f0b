// SPDX-License-Identifier: Apache-2.0
//
// What is answered: statements, requests, and what is done with permits.

#include "tests/model/model.h"

#include <algorithm>
#include <variant>

namespace consent::model {

using core::Channel;
using core::Outcome;
using core::Reason;
using core::Signer;
using core::Verdict;

Model::Model(const std::string& zone, bool look_ahead) : look_ahead_(look_ahead) {
  absl::TimeZone found;
  if (!zone.empty() && absl::LoadTimeZone(zone, &found)) zone_ = found;
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

// The contact that the named step, first or repeated, was allowed.
std::optional<Contact> Model::Permit(int of) const {
  for (const Fact& fact : facts_) {
    const auto* consume = std::get_if<Consume>(&fact.step.act);
    if (consume == nullptr || fact.step.name != of || fact.answer.verdict != Verdict::kAllowed) {
      continue;
    }
    for (const Contact& contact : Look(consume->request.company).contacts) {
      if (contact.name == *fact.answer.permit) return contact;
    }
  }
  return std::nullopt;
}

View Model::Look(const std::string& company) const {
  View view;
  for (const Fact& fact : facts_) {
    const Step& step = fact.step;
    if (const auto* grant = std::get_if<core::Grant>(&step.act)) {
      if (grant->company == company && fact.answer.reason == Reason::kOk) {
        view.grants.push_back({*grant});
      }
    } else if (const auto* revoke = std::get_if<Revoke>(&step.act)) {
      if (revoke->company != company) continue;
      for (View::Given& given : view.grants) {
        if (revoke->grant.empty() || revoke->grant == given.grant.id) given.revoked = true;
      }
    } else if (const auto* consume = std::get_if<Consume>(&step.act)) {
      if (consume->request.company != company || fact.answer.verdict != Verdict::kAllowed ||
          fact.answer.permit != step.name) {
        continue;
      }
      Contact contact;
      contact.name = step.name;
      contact.at = step.at;
      contact.request = consume->request;
      contact.first = fact.answer;
      contact.contact_before = fact.answer.contact_before;
      view.contacts.push_back(contact);
    } else if (std::holds_alternative<Recovered>(step.act)) {
      view.loss = step.at;
      for (Contact& contact : view.contacts) contact.lost = true;
    }
    for (Contact& contact : view.contacts) {
      if (fact.answer.permit != contact.name) continue;
      if (std::holds_alternative<Confirm>(step.act)) {
        if (fact.answer.gave_back) contact.given_back = true;
        if (fact.answer.verdict == Verdict::kDone) {
          contact.confirmed = true;
          contact.contact_before = fact.answer.contact_before;
        }
      } else if (fact.answer.verdict != Verdict::kDone) {
        continue;
      } else if (std::holds_alternative<Release>(step.act)) {
        contact.given_back = true;
      } else if (const auto* report = std::get_if<Report>(&step.act)) {
        contact.outcome = report->outcome;
        if (report->outcome == Outcome::kNotSent) contact.given_back = true;
      }
    }
  }

  // Blocks: an unblock lifts those before it that name exactly the same.
  core::ChannelSet own, everyone;
  for (const Fact& fact : facts_) {
    if (const auto* block = std::get_if<BlockAll>(&fact.step.act)) {
      if (block->company == company) own = own | block->channels;
      if (block->company == "*") everyone = everyone | block->channels;
    } else if (const auto* unblock = std::get_if<Unblock>(&fact.step.act)) {
      if (unblock->company == company) own = {};
      if (unblock->company == "*") everyone = {};
    } else if (const auto* report = std::get_if<Report>(&fact.step.act)) {
      const bool ours = std::any_of(view.contacts.begin(), view.contacts.end(),
                                    [&](const Contact& c) { return fact.answer.permit == c.name; });
      if (!ours || fact.answer.verdict != Verdict::kDone) continue;
      if (report->outcome == Outcome::kOpposed) {
        own.Add(Channel::kCall);
        own.Add(Channel::kVoicePrerecorded);
      } else if (report->outcome == Outcome::kStop) {
        own.Add(Channel::kSms);
        own.Add(Channel::kMms);
        own.Add(Channel::kMessaging);
      }
    }
  }
  view.blocked = own | everyone;
  return view;
}

Answer Model::Statement(const Step& step) const {
  Answer answer;
  answer.reason = Reason::kOk;
  const auto* claim = std::get_if<core::Grant>(&step.act);
  if (claim == nullptr || claim->signed_by == Signer::kConsumer) return answer;
  const View view = Look(claim->company);
  for (const Fact& fact : facts_) {
    bool outranks = false;
    if (const auto* word = std::get_if<core::Grant>(&fact.step.act)) {
      outranks = word->signed_by == Signer::kConsumer && word->company == claim->company &&
                 word->purposes.Intersects(claim->purposes);
    } else if (claim->collected_at <= fact.step.at) {
      if (const auto* revoke = std::get_if<Revoke>(&fact.step.act)) {
        outranks = revoke->company == claim->company;
      } else if (const auto* block = std::get_if<BlockAll>(&fact.step.act)) {
        outranks = block->company == claim->company || block->company == "*";
      } else if (const auto* report = std::get_if<Report>(&fact.step.act)) {
        outranks = fact.answer.verdict == Verdict::kDone &&
                   (report->outcome == Outcome::kOpposed || report->outcome == Outcome::kStop) &&
                   std::any_of(view.contacts.begin(), view.contacts.end(),
                               [&](const Contact& c) { return fact.answer.permit == c.name; });
      }
    }
    if (outranks) answer.reason = Reason::kOutranked;
  }
  return answer;
}

Answer Model::Consumed(const Step& step, const core::Request& request) const {
  const View view = Look(request.company);
  for (const Contact& contact : view.contacts) {
    if (contact.request.request_id != request.request_id) continue;
    if (contact.request == request) return Repeated(view, contact, step.at);
    Answer answer;
    answer.verdict = Verdict::kError;
    answer.reason = Reason::kRequestIdReused;
    return answer;
  }

  Answer answer;
  answer.reason = Judge(view, request, step.at, false, &answer.limit);
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
    answer.reason = Judge(view, contact.request, now, true);
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
  answer.reason = Judge(view, request, step.at, false, &answer.limit);
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
    const Reason reason = Judge(view, contact->request, now, true);
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
