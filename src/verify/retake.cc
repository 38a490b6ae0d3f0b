// SPDX-License-Identifier: Apache-2.0

#include "src/verify/retake.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/consent/evolve.h"
#include "src/consent/vocabulary.h"

namespace consent::verify {
namespace {

// Whether an answer says when the next contact is allowed was the caller's choice, which no entry
// records; all else of two bodies must be equal.
core::EventBody WithoutNextAllowed(core::EventBody body) {
  if (auto* decided = std::get_if<core::Decided>(&body)) {
    decided->answer.next_allowed.reset();
    decided->true_next_allowed.reset();
  }
  return body;
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

}  // namespace

std::optional<core::EventBody> Retake::Again(const Person& person, const core::Event& event,
                                             const core::Moment& moment) {
  const core::Record& record = person.record;
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

std::string Retake::Add(const std::optional<ConsumerId>& consumer, const core::Event& event) {
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
    ++retaken_;
    core::Moment moment;
    moment.now = event.at;
    moment.zones = judged.zones;
    moment.loss = loss_.has_value() ? &*loss_ : nullptr;
    const std::optional<core::EventBody> again = Again(judged, event, moment);
    if (!again.has_value()) {
      difference = "taken again, it is refused or changes nothing";
    } else if (WithoutNextAllowed(*again) != WithoutNextAllowed(event.body)) {
      difference = absl::StrCat("taken again, it is ", NameOf(*again), " with other particulars; ",
                                "the journal says ", NameOf(event.body));
    }
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
