// SPDX-License-Identifier: Apache-2.0
//
// What clients make of the answers: whether each fits the ground, and all answers before it.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "tests/simulation/clients.h"

namespace consent::simulation {
namespace {

using core::Reason;
using core::Verdict;

// Nothing is known to have happened.
bool TellsNothing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsInternal(status) ||
         absl::IsResourceExhausted(status);
}

}  // namespace

std::string Clients::Name(const Wish& wish) const {
  return absl::StrCat(wish.request.request_id, " (", wish.request.company, " to person ",
                      wish.person,
                      wish.request.channel == core::Channel::kCall ? ", call" : ", text",
                      wish.request.hold.count > 0 ? ", held)" : ")");
}

std::vector<int64_t> Clients::Openings(size_t person, const std::vector<std::string>& companies) {
  std::vector<int64_t> openings;
  for (const std::string& company : companies) {
    const Standing& standing = At(person, company);
    openings.push_back(standing.undecided == 0 ? standing.openings : -1);
  }
  return openings;
}

void Clients::Close(size_t person, const std::vector<std::string>& companies,
                    const std::vector<int64_t>& openings) {
  for (size_t i = 0; i < companies.size(); ++i) {
    Standing& standing = At(person, companies[i]);
    if (standing.openings == openings[i]) standing.closed_at = openings[i];
  }
}

void Clients::OnSaid(size_t index, const std::vector<int64_t>& openings,
                     const absl::StatusOr<ledger::StatementAnswers>& answers) {
  Said& said = said_[index];
  const absl::StatusOr<ledger::StatementAnswer> answer =
      answers.ok() ? answers->at(0) : absl::StatusOr<ledger::StatementAnswer>(answers.status());
  if (!answer.ok()) {
    trace_.Say(absl::StrCat("  s", index, ": ", ReasonOf(answer.status())));
    // What was taken back since is refused, so that nobody thinks that it stands.
    const std::string reason = ReasonOf(answer.status());
    const bool taken_back = said.opens && (reason == "NARROWED_SINCE" || reason == "OUTRANKED");
    if (said.entry.has_value() && !taken_back && !TellsNothing(answer.status()) &&
        !erased_[said.person] && !options_.several_nodes) {
      trace_.Fault(absl::StrCat("s", index, " was taken in before, and is refused now"));
    }
    return;
  }
  trace_.Say(absl::StrCat("  s", index, ": taken in at ", answer->entry.value));
  if (answer->entry.value >= ground_.size(ledger::kConsumerShard)) {
    trace_.Fault(absl::StrCat("s", index, " was acknowledged before it was durable"));
  }
  if (said.entry.has_value() && *said.entry != answer->entry && !erased_[said.person]) {
    trace_.Fault(absl::StrCat("s", index, " was taken in twice, at ", said.entry->value, " and at ",
                              answer->entry.value));
  }
  if (!said.entry.has_value()) {
    said.entry = answer->entry;
    entries_.push_back(answer->entry);
  }
  if (said.command.opened.message.has_key_binding()) bound_[said.person] = true;
  if (said.narrows && !answer->repeated) Close(said.person, said.companies, openings);
}

void Clients::OnErased(size_t index, const std::vector<int64_t>& openings,
                       const absl::StatusOr<ledger::EraseAnswer>& answer) {
  Order& order = orders_[index];
  // Of several orders of one person the last may be the only one that is remembered.
  const bool is_only = std::count_if(orders_.begin(), orders_.end(), [&](const Order& other) {
                         return other.person == order.person;
                       }) == 1;
  if (!answer.ok()) {
    trace_.Say(absl::StrCat("  person ", order.person, ": ", ReasonOf(answer.status())));
    if (order.entry.has_value() && is_only && !TellsNothing(answer.status()) &&
        !options_.several_nodes) {
      trace_.Fault(absl::StrCat("person ", order.person, " was erased, and is not known for it"));
    }
    return;
  }
  trace_.Say(absl::StrCat("  person ", order.person, " is erased at ", answer->entry.value));
  if (answer->entry.value >= ground_.size(ledger::kConsumerShard)) {
    trace_.Fault("an erasure was acknowledged before it was durable");
  }
  if (order.entry.has_value() && is_only && *order.entry != answer->entry) {
    trace_.Fault(absl::StrCat("person ", order.person, " was erased twice by one order"));
  }
  order.entry = answer->entry;
  // Whom law exempts from asking for consent may call the erased like anybody.
  if (!answer->repeated && !options_.law) Close(order.person, AllCompanies(), openings);
}

void Clients::OnAnswer(const Asked& asked, const absl::StatusOr<ledger::ContactAnswer>& answer) {
  Wish& wish = wishes_[asked.wish];
  if (!answer.ok()) {
    trace_.Say(absl::StrCat("  ", Name(wish), ": ", ReasonOf(answer.status())));
    if (!TellsNothing(answer.status())) {
      trace_.Fault(absl::StrCat(Name(wish), ": ", ReasonOf(answer.status())));
    }
    return;
  }
  if (answer->entry.has_value() && answer->entry->value >= ground_.size(ledger::kConsumerShard)) {
    trace_.Fault(absl::StrCat(Name(wish), " was answered before it was durable"));
  }
  // The order of the journal is an order in which it may all have happened one after the other.
  if (answer->entry.has_value() && !answer->repeated && answer->entry->value < asked.size) {
    trace_.Fault(absl::StrCat(Name(wish), " was decided before it was asked for"));
  }
  if (answer->decision.verdict == Verdict::kAllowed) return OnAllowed(asked, *answer);
  trace_.Say(absl::StrCat("  ", Name(wish), ": denied, reason ",
                          static_cast<int>(answer->decision.reason)));
  if (answer->entry.has_value()) entries_.push_back(*answer->entry);
  // A limit is not in the way of what it was counted for.
  if (wish.first.has_value() && answer->decision.reason == Reason::kLimitReached &&
      !erased_[wish.person]) {
    trace_.Fault(absl::StrCat(Name(wish), " was allowed before, and is forgotten now"));
  }
}

void Clients::OnAllowed(const Asked& asked, const ledger::ContactAnswer& answer) {
  Wish& wish = wishes_[asked.wish];
  ++allowed_;
  trace_.Say(absl::StrCat("  ", Name(wish), ": ALLOWED at ", answer.entry->value,
                          answer.repeated ? ", again" : ""));
  entries_.push_back(*answer.entry);
  if (!ground_.IsAllowedAt(*answer.entry, wish.request)) {
    trace_.Fault(absl::StrCat(Name(wish), " was allowed, and its entry does not say so"));
  }
  // Where two write, an answer that wrote nothing may be of what one of them does not know yet.
  const bool may_be_late = options_.several_nodes && answer.repeated;
  // A held unit gives no right to contact; its confirmation is judged again.
  const bool held = !answer.decision.contact_before.has_value();
  if (asked.closed && At(wish.person, wish.request.company).closed() && !held && !may_be_late) {
    trace_.Fault(absl::StrCat(Name(wish), " was allowed after it had been forbidden"));
  }
  if (asked.ended && !erased_[wish.person] && !may_be_late) {
    trace_.Fault(absl::StrCat(Name(wish), " was allowed again after it had ended"));
  }
  if (!wish.first.has_value()) {
    wish.first = answer;
    return;
  }
  if (erased_[wish.person]) return;
  const core::Decision& first = wish.first->decision;
  if (wish.first->entry != answer.entry || first.grant != answer.decision.grant ||
      first.remaining != answer.decision.remaining ||
      first.next_allowed != answer.decision.next_allowed) {
    trace_.Fault(absl::StrCat(Name(wish), " was answered otherwise than the first time"));
  }
}

void Clients::OnActed(Wish& wish, const ledger::PermitAnswer& answer, const Action& action) {
  const bool done = answer.decision.verdict == Verdict::kDone;
  trace_.Say(absl::StrCat("  ", Name(wish), ": ", done ? "done" : "no"));
  if (answer.entry.has_value()) {
    // A refused confirmation gives the unit back: all but one that is done ends the permit.
    if (!action.confirms || !done) wish.ended = true;
    if (answer.entry->value >= ground_.size(ledger::kConsumerShard)) {
      trace_.Fault("what became of a permit was acknowledged before it was durable");
    }
  }
  if (action.confirms && done && action.closed && At(wish.person, wish.request.company).closed()) {
    trace_.Fault(absl::StrCat(Name(wish), " was confirmed after it had been forbidden"));
  }
  if (answer.decision.reason == Reason::kNoSuchPermit && !erased_[wish.person] &&
      !options_.several_nodes) {
    trace_.Fault(absl::StrCat("the permit of ", Name(wish), " is not known"));
  }
}

}  // namespace consent::simulation
