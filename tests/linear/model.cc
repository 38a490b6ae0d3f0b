// SPDX-License-Identifier: Apache-2.0

#include "tests/linear/model.h"

#include <algorithm>

namespace consent::linear {

Answer Model::Take(const Asked& asked) {
  switch (asked.call) {
    case Call::kConsume:
    case Call::kHold:
      return Consume(asked);
    case Call::kConfirm:
    case Call::kRelease:
      return Finish(asked);
    case Call::kCheck:
      return Look(asked.channel);
    default:
      return Say(asked);
  }
}

Word Model::AsideLimits() const {
  if (!granted_) return Word::kNoPermission;
  if (blocked_) return Word::kBlocked;
  return revoked_ ? Word::kRevoked : Word::kOk;
}

int64_t Model::Taken(bool calls_only) const {
  return std::count_if(contacts_.begin(), contacts_.end(), [&](const Contact& contact) {
    return contact.state != State::kGivenBack && (!calls_only || contact.channel == Channel::kCall);
  });
}

Model::Contact* Model::Find(int request) {
  const auto found =
      std::lower_bound(contacts_.begin(), contacts_.end(), request,
                       [](const Contact& contact, int number) { return contact.request < number; });
  return found != contacts_.end() && found->request == request ? &*found : nullptr;
}

Answer Model::Look(Channel channel) const {
  Answer answer{.word = AsideLimits()};
  if (answer.word != Word::kOk) return answer;
  answer.all_left = std::max<int64_t>(all_max_ - Taken(/*calls_only=*/false), 0);
  if (channel == Channel::kCall) {
    answer.calls_left = std::max<int64_t>(calls_max_ - Taken(/*calls_only=*/true), 0);
  }
  if (answer.all_left == 0 || answer.calls_left == 0) answer.word = Word::kLimitReached;
  return answer;
}

Answer Model::Repeat(const Contact& contact) const {
  if (contact.state == State::kGivenBack) return {.word = Word::kPermitReleased};
  // Held is held, whatever was said meanwhile.
  if (contact.state == State::kOpen && AsideLimits() != Word::kOk) return {.word = AsideLimits()};
  Answer answer = contact.first;
  answer.repeated = true;
  return answer;
}

Answer Model::Consume(const Asked& asked) {
  if (const Contact* const contact = Find(asked.number)) return Repeat(*contact);
  Answer answer = Look(asked.channel);
  if (answer.word != Word::kOk) return answer;
  --answer.all_left;
  if (asked.channel == Channel::kCall) --answer.calls_left;
  const Contact contact{.request = asked.number,
                        .channel = asked.channel,
                        .state = asked.call == Call::kHold ? State::kHeld : State::kOpen,
                        .first = answer};
  contacts_.insert(
      std::lower_bound(contacts_.begin(), contacts_.end(), contact,
                       [](const Contact& a, const Contact& b) { return a.request < b.request; }),
      contact);
  return answer;
}

Answer Model::Finish(const Asked& asked) {
  Contact* const contact = Find(asked.number);
  if (contact == nullptr) return {.word = Word::kNoSuchPermit};
  if (contact->state != State::kHeld) return {.word = Word::kAlreadyDone};
  // A confirmation that is refused gives the unit back.
  const bool confirmed = asked.call == Call::kConfirm && AsideLimits() == Word::kOk;
  contact->state = confirmed ? State::kOpen : State::kGivenBack;
  return {.word = asked.call == Call::kConfirm ? AsideLimits() : Word::kOk};
}

Answer Model::Say(const Asked& asked) {
  const bool narrows = asked.call == Call::kRevoke || asked.call == Call::kBlock;
  const auto place = std::lower_bound(
      statements_.begin(), statements_.end(), asked.number,
      [](const Statement& statement, int number) { return statement.number < number; });
  if (place != statements_.end() && place->number == asked.number) {
    // A repeat of what was narrowed meanwhile must not look as if it stood.
    if (!narrows && place->narrowed_since) return {.word = Word::kNarrowedSince};
    return {.word = Word::kOk, .repeated = true};
  }
  if (!narrows && asked.signed_at <= narrowed_at_) return {.word = Word::kNarrowedSince};
  if (narrows) {
    for (Statement& statement : statements_) statement.narrowed_since = true;
    narrowed_at_ = std::max(narrowed_at_, asked.signed_at);
  }
  statements_.insert(place, {asked.number, false});
  if (asked.call == Call::kGrant) {
    granted_ = true;
    revoked_ = false;
    calls_max_ = asked.calls_max;
    all_max_ = asked.all_max;
  } else if (asked.call == Call::kRevoke) {
    revoked_ = granted_;
  } else {
    blocked_ = asked.call == Call::kBlock;
  }
  return {};
}

size_t Model::Hash() const {
  uint64_t hash = 1469598103934665603U;
  const auto mix = [&](uint64_t value) {
    hash = (hash ^ value) * 1099511628211U;
    hash ^= hash >> 29;
  };
  mix(granted_), mix(revoked_), mix(blocked_);
  mix(static_cast<uint64_t>(calls_max_)), mix(static_cast<uint64_t>(all_max_));
  mix(static_cast<uint64_t>(narrowed_at_));
  for (const Contact& contact : contacts_) {
    mix(static_cast<uint64_t>(contact.request)), mix(static_cast<uint64_t>(contact.state));
    mix(static_cast<uint64_t>(contact.first.all_left));
  }
  for (const Statement& statement : statements_) {
    mix(static_cast<uint64_t>(statement.number)), mix(statement.narrowed_since);
  }
  return hash;
}

}  // namespace consent::linear
