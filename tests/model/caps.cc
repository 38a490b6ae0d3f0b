// SPDX-License-Identifier: Apache-2.0
//
// What limits a contact, and how much is left: docs/reference/scenario.md, "Counting",
// "Preferences", "Windows" and "Losses".

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/model/civil.h"
#include "tests/model/scene.h"

namespace consent::model {
namespace {

using core::Alignment;
using core::Basis;
using core::Period;

core::BasisSet AllBut(Basis basis) {
  core::BasisSet set;
  for (int i = 1; i <= core::kBasisMax; ++i) {
    if (static_cast<Basis>(i) != basis) set.Add(static_cast<Basis>(i));
  }
  return set;
}

// Whether a contact made at `contact` lies in the cap's window at `t`.
bool CountsIn(const Cap& cap, Instant contact, Instant t, const absl::TimeZone& zone) {
  const core::Window& window = cap.limit.window;
  if (window.period == Period::kLifetime) return contact >= cap.since;
  switch (window.alignment) {
    case Alignment::kCalendar:
      return BlockOf(DayOf(contact, zone), window.period, window.count) ==
             BlockOf(DayOf(t, zone), window.period, window.count);
    case Alignment::kRolling:
      return t < Plus(contact, window.period, window.count, zone);
    case Alignment::kGrant:
      return contact >= cap.since &&
             AnniversaryOf(contact, cap.since, window.period, window.count, zone) ==
                 AnniversaryOf(t, cap.since, window.period, window.count, zone);
    default:
      return false;
  }
}

int64_t Rest(const Scene& scene, const Cap& cap, Instant t, const absl::TimeZone& zone) {
  // Nobody knows what was allowed just before a loss was accepted.
  if (scene.view.loss.has_value() && CountsIn(cap, *scene.view.loss, t, zone)) return 0;
  int64_t contacts = 0;
  int64_t attempts = 0;
  for (const Contact& contact : scene.view.contacts) {
    if (!cap.all_companies && contact.request.company != scene.view.company) continue;
    if (!contact.CountsAt(t) || !cap.limit.channels.Has(contact.request.channel) ||
        !cap.purposes.Has(contact.request.purpose) || !cap.bases.Has(contact.first.basis) ||
        !CountsIn(cap, contact.at, t, zone)) {
      continue;
    }
    ++attempts;
    // What reached nobody is spared by a limit that counts attempts apart; by a preference also
    // where the grant did.
    const bool spared =
        contact.ReachedNobody() &&
        (cap.limit.max_attempts.has_value() || (cap.all_companies && contact.first.attempts_apart));
    if (!spared) ++contacts;
  }
  int64_t rest = cap.limit.max - contacts;
  if (cap.limit.max_attempts.has_value()) rest = std::min(rest, *cap.limit.max_attempts - attempts);
  return std::max<int64_t>(rest, 0);
}

}  // namespace

std::vector<Cap> CapsOn(const Scene& scene, const Ground& ground, Instant t) {
  std::vector<Cap> caps;
  for (const core::Rule& rule : scene.world.law.rules) {
    const auto* attempts = std::get_if<core::AttemptsRule>(&rule.body);
    if (attempts == nullptr || !Binds(scene, rule, ground.basis, t)) continue;
    Cap& cap = caps.emplace_back();
    cap.name = absl::StrCat("law/", rule.id);
    cap.rule = rule.id;
    cap.limit = attempts->limit;
    cap.limit.channels = rule.scope.channels;
    cap.purposes = rule.scope.purposes;
    cap.bases = rule.scope.bases;
  }
  if (ground.callback != nullptr) {
    // Three times, or less often where law says so, whichever callback let it be.
    Cap& cap = caps.emplace_back();
    cap.rule = ground.rule;
    cap.name = cap.rule.empty() ? "callback" : absl::StrCat("law/", cap.rule);
    cap.limit.max = std::min<int64_t>(3, ground.exempt_max.value_or(3));
    cap.limit.channels = ground.callback->callback.channels;
    cap.limit.window.period = Period::kLifetime;
    cap.since = ground.callback->callback.valid_from;
    // Claimed ones share their attempts with those of the thirty days before.
    if (ground.callback->callback.signed_by != core::Signer::kConsumer) {
      cap.since = cap.since - Seconds{30 * 86'400};
      cap.limit.channels = core::ChannelSet::All();
    }
    cap.purposes = ground.callback->callback.signed_by == core::Signer::kConsumer
                       ? ground.callback->callback.purposes
                       : core::PurposeSet::All();
    cap.bases.Add(Basis::kCallback);
    return caps;
  }
  const auto add = [&](const core::Limit& limit, const core::PurposeSet& purposes) -> Cap* {
    if (!limit.channels.Has(scene.request.channel)) return nullptr;
    Cap& cap = caps.emplace_back();
    cap.name = limit.id;
    cap.limit = limit;
    cap.purposes = purposes;
    cap.bases = AllBut(Basis::kCallback);
    return &cap;
  };
  if (ground.grant != nullptr) {
    for (const core::Limit& limit : ground.grant->grant.limits) {
      Cap* const cap = add(limit, ground.grant->grant.purposes);
      if (cap != nullptr) cap->since = ground.grant->grant.valid_from;
    }
  }
  const auto& preferences = scene.view.preferences;
  if (preferences.has_value() && preferences->purposes.Has(scene.request.purpose)) {
    for (const core::Limit& limit : preferences->limits) {
      Cap* const cap = add(limit, preferences->purposes);
      if (cap == nullptr) continue;
      cap->name = absl::StrCat("preferences/", limit.id);
      cap->all_companies = true;
    }
  }
  return caps;
}

int64_t Rest(const Scene& scene, const Cap& cap, Instant t) {
  int64_t least = INT64_MAX;
  for (const absl::TimeZone& zone : scene.zones) {
    least = std::min(least, Rest(scene, cap, t, zone));
  }
  return least;
}

}  // namespace consent::model
