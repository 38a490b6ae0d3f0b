// SPDX-License-Identifier: Apache-2.0

#include "src/verify/retake.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/consent/evolve.h"
#include "src/consent/vocabulary.h"
#include "src/journal/event_parts.h"
#include "src/verify/placed.h"

namespace consent::verify {
namespace {

// Whether an answer says when the next contact is allowed was the caller's choice, which no entry
// records; all else of two bodies must be equal.
core::EventBody WithoutUnrecorded(core::EventBody body) {
  if (auto* decided = std::get_if<core::Decided>(&body)) {
    decided->answer.next_allowed.reset();
    decided->true_next_allowed.reset();
    decided->subject.reset();  // The contact point's own, where it was asked for.
  }
  return body;
}

// Reasons for which only law, the directory or a list denies, or of which they change when.
bool IsOfLaw(core::Reason reason) {
  return reason == core::Reason::kListed || reason == core::Reason::kProhibited ||
         reason == core::Reason::kUnknownZone || reason == core::Reason::kSilence ||
         reason == core::Reason::kCallerNumber || reason == core::Reason::kUnscreened ||
         reason == core::Reason::kNotDelegated;
}

// Reasons of consent in whose place the law may know another ground.
bool MayBeExempt(core::Reason reason) {
  return reason == core::Reason::kNoPermission || reason == core::Reason::kNotForThisPurpose ||
         reason == core::Reason::kExpired || reason == core::Reason::kNotYetValid ||
         reason == core::Reason::kNotOnThisChannel;
}

// A permit that ends earlier than consent alone would let it.
bool EndsEarlier(const std::optional<Instant>& before, const std::optional<Instant>& again) {
  return before.has_value() && again.has_value() && *before < *again;
}

// Whether law or directory may be why the decision `was` came out otherwise than `again`, taken
// without them.
bool LawMayExplain(const core::Decided& was, const core::Decided& again) {
  const bool allowed = was.answer.verdict == core::Verdict::kAllowed;
  if (!was.request.processor.empty() || !was.true_rule.empty() || IsOfLaw(was.true_reason) ||
      IsOfLaw(again.true_reason)) {
    return true;
  }
  if (allowed && was.answer.basis > core::Basis::kConsent) return true;
  if (!allowed && MayBeExempt(again.true_reason)) return true;
  const auto of_law = [](const core::Remaining& remaining) {
    return remaining.limit.starts_with("law/");
  };
  if (std::any_of(was.answer.remaining.begin(), was.answer.remaining.end(), of_law)) return true;
  return allowed && again.answer.verdict == core::Verdict::kAllowed &&
         EndsEarlier(was.answer.contact_before, again.answer.contact_before);
}

bool LawMayExplain(const core::Record& record, const core::EventBody& was,
                   const core::EventBody& again) {
  const auto of_group = [](const core::Block& block) { return block.whose == core::Whose::kGroup; };
  if (std::any_of(record.blocks.begin(), record.blocks.end(), of_group)) return true;
  if (const auto* decided = std::get_if<core::Decided>(&was)) {
    const auto* other = std::get_if<core::Decided>(&again);
    return other != nullptr && LawMayExplain(*decided, *other);
  }
  const auto* confirmed = std::get_if<core::Confirmed>(&was);
  const auto* other = std::get_if<core::Confirmed>(&again);
  if (confirmed == nullptr || other == nullptr) return false;
  const core::Contact* const contact = record.FindContact(confirmed->permit);
  if (contact == nullptr) return false;
  return !contact->request().processor.empty() || contact->basis() > core::Basis::kConsent ||
         IsOfLaw(confirmed->true_reason) || IsOfLaw(other->true_reason) ||
         confirmed->true_reason == core::Reason::kOutsideHours ||
         confirmed->true_reason == core::Reason::kNoPermission ||
         EndsEarlier(confirmed->contact_before, other->contact_before);
}

// The signed bytes behind an event; null where there are none.
const core::SignedBytes* StatementIn(const core::EventBody& body) {
  return std::visit(
      [](const auto& event) -> const core::SignedBytes* {
        if constexpr (requires { event.statement; }) {
          return event.statement.has_value() ? &*event.statement : nullptr;
        } else {
          return nullptr;
        }
      },
      body);
}

std::string NameOf(const core::EventBody& body) {
  if (const auto* decided = std::get_if<core::Decided>(&body)) {
    const bool allowed = decided->answer.verdict == core::Verdict::kAllowed;
    return absl::StrCat(allowed ? "ALLOWED" : "DENIED", " ",
                        std::string(core::Name(decided->answer.reason)));
  }
  if (const auto* confirmed = std::get_if<core::Confirmed>(&body)) {
    return absl::StrCat("a confirmation answered ", std::string(core::Name(confirmed->reason)));
  }
  return "the same kind of entry";
}

// What the directory says of whom the event answers: its company, and the processor that acts for
// it.
core::Asker AskerOf(const directory::Directory& directory, const core::Record& record,
                    const core::Event& event) {
  if (const auto* decided = std::get_if<core::Decided>(&event.body)) {
    return directory.AskerOf(decided->request.company, decided->request.processor, event.at);
  }
  if (const auto* confirmed = std::get_if<core::Confirmed>(&event.body)) {
    const core::Contact* const contact = record.FindContact(confirmed->permit);
    return directory.AskerOf(confirmed->company,
                             contact != nullptr ? contact->request().processor : "", event.at);
  }
  return {};
}

// The event that the record makes of what `event` answers; none where nothing should have been
// written.
std::optional<core::EventBody> Again(const core::Record& record, const core::Event& event,
                                     const core::Moment& moment) {
  if (const auto* decided = std::get_if<core::Decided>(&event.body)) {
    return core::Decide(record, decided->request, moment, core::NextAllowed::kNever).event;
  }
  if (const auto* confirmed = std::get_if<core::Confirmed>(&event.body)) {
    return core::DecideConfirm(record, confirmed->permit, moment).event;
  }
  if (const auto* released = std::get_if<core::Released>(&event.body)) {
    return core::DecideRelease(record, released->permit, moment).event;
  }
  if (const auto* reported = std::get_if<core::OutcomeReported>(&event.body)) {
    return core::DecideOutcome(record, reported->permit, reported->outcome, moment).event;
  }
  // A statement: written when it is accepted, and then as it was proposed.
  const core::StatementVerdict verdict = core::DecideStatement(record, event.body, event.at);
  if (verdict.reason != core::Reason::kOk || verdict.repeats.has_value()) return std::nullopt;
  return event.body;
}

// What the directory has against an event, the rules aside; empty when nothing.
std::string RefusedBy(const directory::Directory& directory, const core::EventBody& body) {
  const std::string company(journal::CompanyOf(body));
  const bool gives = std::holds_alternative<core::Decided>(body) ||
                     std::holds_alternative<core::Granted>(body) ||
                     std::holds_alternative<core::ContractClaimed>(body) ||
                     std::holds_alternative<core::CallbackAsked>(body);
  if (gives && directory.Find(company, directory::Role::kCompany) == nullptr) {
    return "is about a company that the directory did not know";
  }
  const core::SignedBytes* const statement = StatementIn(body);
  if (statement == nullptr) return "";
  const directory::Party* const holder = directory.HolderOf(statement->key);
  core::Signer role = core::Signer::kConsumer;
  if (holder != nullptr) {
    role = holder->role == directory::Role::kRegistrar ? core::Signer::kRegistrar
                                                       : core::Signer::kCompany;
  }
  if (statement->signer != role) {
    return absl::StrCat("was signed by a key of a ", std::string(core::Name(role)),
                        "; the journal takes it for that of a ",
                        std::string(core::Name(statement->signer)));
  }
  if (role == core::Signer::kCompany && !company.empty() && company != holder->id) {
    return "was signed for a company with the key of another";
  }
  return "";
}

}  // namespace

std::string Retake::Judge(const Person& person, const core::Event& event, const Cited& cited) {
  // A newcomer is judged where the contact point lies, once there is a law to judge by.
  Person newcomer;
  const Person* judged = &person;
  const auto* const decided = std::get_if<core::Decided>(&event.body);
  const bool law_known = cited.directory != nullptr && cited.directory->law().ok();
  core::Moment moment;
  core::Asker asker;
  if (cited.directory != nullptr) {
    std::string refused = RefusedBy(*cited.directory, event.body);
    if (!refused.empty()) return refused;
    asker = AskerOf(*cited.directory, person.record, event);
    moment.asker = &asker;
    moment.lists = cited.directory->lists();
  }
  if (law_known) {
    moment.law = &*cited.directory->law();
    const bool placed = decided != nullptr && decided->subject.has_value() &&
                        !moment.law->rules.empty() && IsNewcomer(person.record);
    if (placed) {
      newcomer.record = person.record;
      newcomer.record.place = decided->subject->place;
      newcomer.zones = core::LoadZones(newcomer.record.place);
      judged = &newcomer;
    }
  }
  moment.now = event.at;
  moment.zones = judged->zones;
  moment.loss = loss_.has_value() ? &*loss_ : nullptr;
  const std::optional<core::EventBody> again = Again(judged->record, event, moment);
  const bool same = again.has_value() && WithoutUnrecorded(*again) == WithoutUnrecorded(event.body);
  if (!same && !law_known && again.has_value() &&
      LawMayExplain(judged->record, event.body, *again)) {
    if (not_retaken_++ == 0) {
      not_retaken_cause_ = cited.cause;
      not_retaken_why_ = cited.why;
    }
    return "";
  }
  ++retaken_;
  if (!again.has_value()) return "taken again, it is refused or changes nothing";
  if (same) return "";
  return absl::StrCat("taken again, it is ", NameOf(*again), " with other particulars; ",
                      "the journal says ", NameOf(event.body));
}

std::string Retake::Add(const std::optional<ConsumerId>& consumer, const core::Event& event,
                        std::string_view contact_point, const Cited& cited) {
  if (const auto* recovered = std::get_if<core::Recovered>(&event.body)) {
    loss_ = core::Loss{recovered->lost_from, event.at, event.position};
    return "";
  }
  static const Person* const kStranger = new Person();
  Person* const person = consumer.has_value() ? &people_[*consumer] : nullptr;
  const Person& judged = person != nullptr ? *person : *kStranger;
  std::string difference;
  // A tombstone follows from the record that it ends, which is not disclosed any more.
  if (!std::holds_alternative<core::Erased>(event.body)) {
    difference = cited.fault;
    if (difference.empty()) difference = MisplacedIn(event.body, judged.record, contact_point);
    if (difference.empty()) difference = Judge(judged, event, cited);
  }
  if (person == nullptr) return difference;
  person->record.consumer = *consumer;
  core::Evolve(person->record, event);
  if (person->record.place.zones != person->zone_names) {
    person->zone_names = person->record.place.zones;
    person->zones = core::LoadZones(person->record.place);
  }
  return difference;
}

}  // namespace consent::verify
