// SPDX-License-Identifier: Apache-2.0

#include "src/consent/objection.h"

#include <algorithm>

#include "src/consent/earliest.h"
#include "src/consent/window.h"

namespace consent::core {
namespace {

bool IsMeant(const Question& question, const Block& block) {
  switch (block.whose) {
    case Whose::kCompany:
      return block.company == "*" || block.company == question.company;
    case Whose::kGroup:
      return question.asker != nullptr && !question.asker->group.empty() &&
             block.company == question.asker->group;
    case Whose::kProcessor:
      return !question.request.processor.empty() && block.company == question.request.processor;
  }
  return true;
}

bool IsBlocked(const Question& question) {
  const auto& blocks = question.record.blocks;
  return std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) {
    return block.channels.Has(question.request.channel) &&
           block.purposes.Has(question.request.purpose) && IsMeant(question, block);
  });
}

bool IsPaused(const Question& question, Instant t) {
  const auto& all = question.record.preferences;
  return std::any_of(all.begin(), all.end(), [&](const KeptPreferences& kept) {
    const Preferences& preferences = kept.preferences;
    return preferences.purposes.Has(question.request.purpose) &&
           preferences.pause_until.has_value() && t < *preferences.pause_until;
  });
}

// The time in which a listing binds under a rule.
Stretch BindingTime(const Question& question, const Listing& listing, const ListRule& rule) {
  const absl::TimeZone zone = question.zones.empty() ? absl::UTCTimeZone() : question.zones[0];
  return {listing.listed_at + Days(rule.binds_after_days),
          rule.lasts.has_value()
              ? AddPeriods(listing.listed_at, rule.lasts->period, rule.lasts->count, zone)
              : kNever};
}

// The consumer's own word to this company, of everyone who has spoken later than `moment`, against
// a list.
bool HasLaterWord(const Ground& ground, Instant moment) {
  if (ground.reason != Reason::kOk) return false;
  if (const KeptCallback* kept = ground.callback; kept != nullptr) {
    return kept->callback.signed_by == Signer::kConsumer && kept->arrived > moment;
  }
  return ground.basis == Basis::kConsent &&
         std::all_of(ground.grants.begin(), ground.grants.end(), [&](const KeptGrant* kept) {
           return kept->grant.signed_by == Signer::kConsumer && kept->arrived > moment;
         });
}

// Whether some rule in force says what the list is for, though perhaps not for such a contact.
bool IsKnown(const Question& question, std::string_view name) {
  if (question.law == nullptr) return false;
  const auto& rules = question.law->rules;
  return std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
    const auto* list = std::get_if<ListRule>(&rule.body);
    return list != nullptr && list->list == name;
  });
}

// The objection of one listing.
Objection ByListing(const Question& question, const Listing& listing, const Ground& ground,
                    Instant t) {
  if (listing.company != "*" && listing.company != question.company) return {};
  if (HasLaterWord(ground, listing.listed_at)) return {};
  for (const Rule* rule : question.rules) {
    const auto* list = std::get_if<ListRule>(&rule->body);
    if (list == nullptr || list->list != listing.list) continue;
    if (rule->scope.from > t || t >= rule->scope.until) continue;
    const Stretch binds = BindingTime(question, listing, *list);
    if (binds.begin <= t && t < binds.end) return {Reason::kListed, rule};
  }
  // A list of which no law speaks binds for ever.
  return IsKnown(question, listing.list) ? Objection{} : Objection{Reason::kListed, nullptr};
}

Instant ScreensUntil(const Question& question, const ListRule& rule) {
  const auto import = std::find_if(question.lists.begin(), question.lists.end(),
                                   [&](const ListImport& list) { return list.list == rule.list; });
  return import == question.lists.end() ? kEarliest
                                        : import->imported_at + Days(rule.stale_after_days);
}

// The rule whose list is too old to tell whether the consumer is on it.
const Rule* Unscreened(const Question& question, const Ground& ground, Instant t) {
  if (HasLaterWord(ground, kEarliest)) return nullptr;
  for (const Rule* rule : question.rules) {
    const auto* list = std::get_if<ListRule>(&rule->body);
    if (list == nullptr || list->stale_after_days == 0) continue;
    if (rule->scope.from > t || t >= rule->scope.until) continue;
    if (t >= ScreensUntil(question, *list)) return rule;
  }
  return nullptr;
}

}  // namespace

bool IsDelegated(const Question& question, Instant t) {
  if (question.request.processor.empty()) return true;
  if (question.asker == nullptr || !question.asker->delegation.has_value()) return false;
  const DelegationInForce& delegation = *question.asker->delegation;
  return delegation.from <= t && t < delegation.until;
}

Objection FindObjection(const Question& question, const Ground& ground, Instant t) {
  if (!IsDelegated(question, t)) return {Reason::kNotDelegated, nullptr};
  if (IsBlocked(question)) return {Reason::kBlocked, nullptr};
  if (IsPaused(question, t)) return {Reason::kPaused, nullptr};
  for (const Listing& listing : question.record.listings) {
    const Objection objection = ByListing(question, listing, ground, t);
    if (objection.reason != Reason::kOk) return objection;
  }
  if (const Rule* rule = Unscreened(question, ground, t)) return {Reason::kUnscreened, rule};
  return {};
}

Instant NextObjectionEdge(const Question& question, Instant t) {
  Earliest edge(t);
  if (question.asker != nullptr && question.asker->delegation.has_value()) {
    edge.Take(question.asker->delegation->from);
    edge.Take(question.asker->delegation->until);
  }
  for (const KeptPreferences& kept : question.record.preferences) {
    edge.Take(kept.preferences.pause_until.value_or(kNever));
  }
  for (const Rule* rule : question.rules) {
    const auto* list = std::get_if<ListRule>(&rule->body);
    if (list == nullptr) continue;
    if (list->stale_after_days != 0) edge.Take(ScreensUntil(question, *list));
    for (const Listing& listing : question.record.listings) {
      if (listing.list != list->list) continue;
      const Stretch binds = BindingTime(question, listing, *list);
      edge.Take(binds.begin);
      edge.Take(binds.end);
    }
  }
  return edge.next();
}

}  // namespace consent::core
