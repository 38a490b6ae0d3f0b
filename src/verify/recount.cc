// SPDX-License-Identifier: Apache-2.0

#include "src/verify/recount.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/consent/window.h"

namespace consent::verify {
namespace {

// The subject of a statement; null for events that are none.
const core::Subject* SubjectOf(const core::EventBody& body) {
  return std::visit(
      [](const auto& event) -> const core::Subject* {
        if constexpr (std::is_same_v<std::decay_t<decltype(event)>, core::Decided>) {
          return event.subject.has_value() ? &*event.subject : nullptr;
        } else if constexpr (requires { event.subject; }) {
          return &event.subject;
        } else {
          return nullptr;
        }
      },
      body);
}

bool Held(const core::Decided& decided) { return decided.request.hold.count > 0; }

// Whether the grant allows such a contact at all, limits aside.
bool Names(const core::Grant& grant, const core::Request& request, Instant at) {
  const bool channel =
      std::any_of(grant.limits.begin(), grant.limits.end(),
                  [&](const core::Limit& limit) { return limit.channels.Has(request.channel); });
  return channel && grant.purposes.Has(request.purpose) && grant.valid_from <= at &&
         at < grant.valid_until;
}

}  // namespace

void Recount::Add(const std::optional<ConsumerId>& consumer, const core::Event& event) {
  Person* const person = consumer.has_value() ? &people_[*consumer] : nullptr;
  if (const auto* decided = std::get_if<core::Decided>(&event.body)) {
    TakeDecision(person, event, *decided);
    return;
  }
  if (person == nullptr) return;
  TakeZone(*person, event.body);
  if (const auto* granted = std::get_if<core::Granted>(&event.body)) {
    person->companies[granted->grant.company].grants.push_back({granted->grant});
  } else if (const auto* revoked = std::get_if<core::Revoked>(&event.body)) {
    for (Given& given : person->companies[revoked->company].grants) {
      if (revoked->grant.empty() || revoked->grant == given.grant.id) given.revoked = true;
    }
  } else if (const auto* confirmed = std::get_if<core::Confirmed>(&event.body)) {
    Contact* const contact = Find(*person, confirmed->company, confirmed->permit);
    if (contact == nullptr) return;
    if (!confirmed->contact_before.has_value()) {
      contact->given_back = true;
    } else if (contact->CountsAt(event.at)) {
      contact->confirmed = true;
    } else {
      Exceed(totals_.over_limit, event.position, "confirmed after its unit had been given back");
    }
  } else if (const auto* released = std::get_if<core::Released>(&event.body)) {
    Contact* const contact = Find(*person, released->company, released->permit);
    if (contact != nullptr) contact->given_back = true;
  } else if (const auto* reported = std::get_if<core::OutcomeReported>(&event.body)) {
    Contact* const contact = Find(*person, reported->company, reported->permit);
    if (contact == nullptr) return;
    contact->given_back = contact->given_back || reported->outcome == core::Outcome::kNotSent;
    contact->reached_nobody = reported->outcome == core::Outcome::kNoAnswer ||
                              reported->outcome == core::Outcome::kBusy ||
                              reported->outcome == core::Outcome::kFailed;
  }
}

void Recount::TakeZone(Person& person, const core::EventBody& body) {
  const core::Subject* const subject = SubjectOf(body);
  if (subject == nullptr || subject->place.zones.empty()) return;
  if (person.zone.empty() || std::holds_alternative<core::Bound>(body)) {
    person.zone = subject->place.zones[0];
  }
}

void Recount::TakeDecision(Person* person, const core::Event& event, const core::Decided& decided) {
  ++totals_.decided;
  if (decided.answer.verdict != core::Verdict::kAllowed) {
    ++totals_.denied;
    ++totals_.denied_by_reason[std::string(core::Name(decided.answer.reason))];
    return;
  }
  ++totals_.allowed;
  if (person == nullptr) {
    Exceed(totals_.without_grant, event.position, "allowed for a consumer never heard of");
    return;
  }
  // The contact may be the first that is heard of somebody.
  TakeZone(*person, event.body);
  Dealings& dealings = person->companies[decided.request.company];
  dealings.contacts.push_back({.entry = event.position,
                               .at = event.at,
                               .channel = decided.request.channel,
                               .purpose = decided.request.purpose,
                               .basis = decided.answer.basis,
                               .hold = decided.request.hold,
                               .confirmed = !Held(decided)});
  if (decided.answer.basis > core::Basis::kConsent) {
    ++totals_.on_other_bases;
    return;
  }
  const auto given = std::find_if(
      dealings.grants.rbegin(), dealings.grants.rend(),
      [&](const Given& candidate) { return candidate.grant.id == decided.answer.grant; });
  if (given == dealings.grants.rend() || given->revoked ||
      !Names(given->grant, decided.request, event.at)) {
    Exceed(totals_.without_grant, event.position,
           "allowed by no grant in force for this company, purpose and channel");
    return;
  }
  CheckLimits(*person, dealings, given->grant);
}

void Recount::CheckLimits(const Person& person, const Dealings& dealings,
                          const core::Grant& grant) {
  const Contact& latest = dealings.contacts.back();
  absl::TimeZone zone;
  if (person.zone.empty() || !absl::LoadTimeZone(person.zone, &zone)) {
    Exceed(totals_.without_grant, latest.entry, "allowed though the time zone is not known");
    return;
  }
  bool over = false;
  for (const core::Limit& limit : grant.limits) {
    if (!limit.channels.Has(latest.channel)) continue;
    ++totals_.limits_checked;
    const core::WindowAt window(limit.window, grant.valid_from, latest.at, zone);
    int64_t contacts = 0;
    int64_t attempts = 0;
    for (const Contact& contact : dealings.contacts) {
      if (!limit.channels.Has(contact.channel) || !grant.purposes.Has(contact.purpose) ||
          contact.basis == core::Basis::kCallback || !contact.CountsAt(latest.at) ||
          !window.Counts(contact.at)) {
        continue;
      }
      ++attempts;
      if (!limit.max_attempts.has_value() || !contact.reached_nobody) ++contacts;
    }
    const bool attempts_over = limit.max_attempts.has_value() && attempts > *limit.max_attempts;
    if (contacts <= limit.max && !attempts_over) continue;
    if (over) continue;  // One contact is one excess, however many limits it breaks.
    over = true;
    Exceed(
        totals_.over_limit, latest.entry,
        attempts_over
            ? absl::StrCat("limit ", limit.id, ": attempt ", attempts, " of ", *limit.max_attempts)
            : absl::StrCat("limit ", limit.id, ": contact ", contacts, " of ", limit.max));
  }
}

Recount::Contact* Recount::Find(Person& person, const std::string& company, LeafIndex entry) {
  const auto dealings = person.companies.find(company);
  if (dealings == person.companies.end()) return nullptr;
  std::vector<Contact>& contacts = dealings->second.contacts;
  const auto contact = std::find_if(contacts.rbegin(), contacts.rend(),
                                    [&](const Contact& c) { return c.entry == entry; });
  return contact == contacts.rend() ? nullptr : &*contact;
}

void Recount::Exceed(uint64_t& counter, LeafIndex entry, std::string what) {
  ++counter;
  if (totals_.first_excesses.size() < kExcessesKept) {
    totals_.first_excesses.push_back({entry, std::move(what)});
  }
}

RecountTotals Recount::Totals() const {
  RecountTotals totals = totals_;
  totals.consumers = people_.size();
  for (const auto& [id, person] : people_) {
    bool contacted = false;
    for (const auto& [company, dealings] : person.companies) {
      for (const Contact& contact : dealings.contacts) {
        if (!contact.confirmed || contact.given_back) continue;
        contacted = true;
        ++totals.contacts;
        ++totals.contacts_by_channel[std::string(core::Name(contact.channel))];
      }
    }
    if (contacted) ++totals.consumers_contacted;
  }
  return totals;
}

}  // namespace consent::verify
