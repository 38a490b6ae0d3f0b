// SPDX-License-Identifier: Apache-2.0
//
// How a request is judged at a moment, in the order of docs/reference/scenario.md, "Reasons".

#include <algorithm>

#include "absl/strings/match.h"
#include "tests/model/model.h"
#include "tests/model/scene.h"

namespace consent::model {
namespace {

using core::Basis;
using core::Reason;
using core::Whose;

constexpr int64_t kDayS = 24 * 60 * 60;

bool IsDelegated(const Scene& scene, Instant t) {
  const std::string& processor = scene.request.processor;
  if (processor.empty()) return true;
  for (const Delegate& delegate : scene.view.delegations) {
    if (delegate.processor == processor && delegate.from <= t && t < delegate.until) return true;
  }
  return false;
}

bool IsBlocked(const Scene& scene) {
  for (const Block& block : scene.view.blocks) {
    if (!block.channels.Has(scene.request.channel)) continue;
    if (!block.purposes.Has(scene.request.purpose)) continue;
    const std::string& meant = block.whose == Whose::kGroup       ? scene.view.known.group
                               : block.whose == Whose::kProcessor ? scene.request.processor
                                                                  : scene.view.company;
    if (block.whose == Whose::kCompany && block.company == "*") return true;
    if (!meant.empty() && meant == block.company) return true;
  }
  return false;
}

bool IsPaused(const Scene& scene, Instant t) {
  const auto& preferences = scene.view.preferences;
  return preferences.has_value() && preferences->purposes.Has(scene.request.purpose) &&
         preferences->pause_until.has_value() && t < *preferences->pause_until;
}

// Whether the contact stands on the consumer's own word, given after `moment`.
bool OwnWordAfter(const Ground& ground, Instant moment) {
  if (ground.reason != Reason::kOk) return false;
  if (ground.basis == Basis::kCallback) {
    return ground.callback->callback.signed_by == core::Signer::kConsumer &&
           ground.callback->arrived > moment;
  }
  return ground.basis == Basis::kConsent &&
         ground.grant->grant.signed_by == core::Signer::kConsumer && ground.grant->arrived > moment;
}

// Whether the listing forbids; `rule` receives the rule that says so.
bool Lists(const Scene& scene, const List& listing, const Ground& ground, Instant t,
           std::string& rule) {
  if (listing.company != "*" && listing.company != scene.view.company) return false;
  if (OwnWordAfter(ground, listing.listed_at)) return false;
  bool named = false;
  for (const core::Rule& law : scene.world.law.rules) {
    const auto* list = std::get_if<core::ListRule>(&law.body);
    if (list == nullptr || list->list != listing.list) continue;
    named = true;
    const Instant from = listing.listed_at + Seconds{list->binds_after_days * kDayS};
    if (Concerns(scene, law, t) && from <= t && t < EndOf(scene, *list, listing)) {
      rule = law.id;
      return true;
    }
  }
  return !named;
}

// The rule whose list is too old to tell whether the consumer stands on it; "" for none.
std::string Unscreened(const Scene& scene, const Ground& ground, Instant t) {
  if (OwnWordAfter(ground, Instant{INT64_MIN})) return "";
  for (const core::Rule& law : scene.world.law.rules) {
    const auto* list = std::get_if<core::ListRule>(&law.body);
    if (list == nullptr || list->stale_after_days == 0 || !Concerns(scene, law, t)) continue;
    const auto copy = scene.view.copies.find(list->list);
    if (copy == scene.view.copies.end() ||
        t >= copy->second + Seconds{list->stale_after_days * kDayS}) {
      return law.id;
    }
  }
  return "";
}

// Whether the clock forbids a contact; `rule` receives the law that says so, if one does.
bool IsOutsideHours(const Scene& scene, const Ground& ground, Instant t, std::string& rule) {
  const core::Grant* const grant = ground.grant != nullptr ? &ground.grant->grant : nullptr;
  for (const core::Rule& law : scene.world.law.rules) {
    const auto* hours = std::get_if<core::HoursRule>(&law.body);
    if (hours == nullptr || !Binds(scene, law, ground.basis, t)) continue;
    for (const absl::TimeZone& zone : scene.zones) {
      const bool open = InHours(hours->spans, t, zone) && !IsHoliday(hours->holidays, t, zone);
      const bool lifted =
          hours->consent_lifts && grant != nullptr && InHours(grant->outside_legal_hours, t, zone);
      if (open || lifted) continue;
      rule = law.id;
      return true;
    }
  }
  const auto& preferences = scene.view.preferences;
  for (const absl::TimeZone& zone : scene.zones) {
    if (grant != nullptr && !grant->hours.empty() && !InHours(grant->hours, t, zone)) return true;
    if (ground.basis != Basis::kCallback && preferences.has_value() &&
        preferences->purposes.Has(scene.request.purpose) && InHours(preferences->quiet, t, zone)) {
      return true;
    }
  }
  return false;
}

// The rule that asks to leave the consumer alone after a refusal; "" for none.
std::string Silence(const Scene& scene, Basis basis, Instant t) {
  for (const core::Rule& law : scene.world.law.rules) {
    const auto* silence = std::get_if<core::SilenceRule>(&law.body);
    if (silence == nullptr || !Binds(scene, law, basis, t)) continue;
    for (const View::Refused& refused : scene.view.refusals) {
      if (law.scope.channels.Has(refused.channel) && law.scope.purposes.Has(refused.purpose) &&
          t < SilentUntil(scene, refused.at, silence->days)) {
        return law.id;
      }
    }
  }
  return "";
}

bool IsWrongNumber(const Scene& scene, Basis basis, Instant t, std::string& rule) {
  const std::string& number = scene.request.caller_number;
  for (const core::Rule& law : scene.world.law.rules) {
    const auto* caller = std::get_if<core::CallerRule>(&law.body);
    if (caller == nullptr || !Binds(scene, law, basis, t)) continue;
    bool wrong = caller->required && number.empty();
    if (!caller->allowed.empty() && absl::StartsWith(number, caller->country)) {
      wrong |=
          std::none_of(caller->allowed.begin(), caller->allowed.end(),
                       [&](const std::string& range) { return absl::StartsWith(number, range); });
    }
    if (caller->new_numbers_max > 0) {
      const auto lately = std::count_if(
          scene.view.numbers.begin(), scene.view.numbers.end(), [&](const auto& registered) {
            return t < registered.at + Seconds{caller->new_numbers_days * kDayS};
          });
      wrong |= lately > caller->new_numbers_max;
    }
    if (!wrong) continue;
    rule = law.id;
    return true;
  }
  if (number.empty() || scene.view.numbers.empty()) return false;
  return std::none_of(scene.view.numbers.begin(), scene.view.numbers.end(),
                      [&](const auto& registered) { return registered.number == number; });
}

Finding Deny(Reason reason, std::string rule = "") {
  Finding finding;
  finding.reason = reason;
  finding.rule = std::move(rule);
  return finding;
}

Finding JudgeScene(const Scene& scene, Instant t, bool limits_aside) {
  if (!IsDelegated(scene, t)) return Deny(Reason::kNotDelegated);
  if (IsBlocked(scene)) return Deny(Reason::kBlocked);
  if (IsPaused(scene, t)) return Deny(Reason::kPaused);
  const Ground ground = GroundAt(scene, t);
  std::string rule;
  for (const List& listing : scene.view.listings) {
    if (Lists(scene, listing, ground, t, rule)) return Deny(Reason::kListed, rule);
  }
  if (rule = Unscreened(scene, ground, t); !rule.empty()) return Deny(Reason::kUnscreened, rule);
  if (ground.reason != Reason::kOk) return Deny(ground.reason, ground.rule);
  for (const core::Rule& law : scene.world.law.rules) {
    if (std::holds_alternative<core::Prohibition>(law.body) && Binds(scene, law, ground.basis, t)) {
      return Deny(Reason::kProhibited, law.id);
    }
  }
  if (scene.zones.empty()) return Deny(Reason::kUnknownZone);
  if (IsOutsideHours(scene, ground, t, rule)) return Deny(Reason::kOutsideHours, rule);
  if (rule = Silence(scene, ground.basis, t); !rule.empty()) return Deny(Reason::kSilence, rule);
  if (IsWrongNumber(scene, ground.basis, t, rule)) return Deny(Reason::kCallerNumber, rule);

  Finding finding = Deny(Reason::kOk, ground.rule);
  finding.basis = ground.basis;
  if (ground.grant != nullptr) {
    finding.grant = ground.grant->grant.id;
    for (const core::Limit& limit : ground.grant->grant.limits) {
      finding.attempts_apart |=
          limit.channels.Has(scene.request.channel) && limit.max_attempts.has_value();
    }
  }
  if (limits_aside) return finding;
  for (const Cap& cap : CapsOn(scene, ground, t)) {
    if (Rest(scene, cap, t) > 0) continue;
    Finding full = Deny(Reason::kLimitReached, cap.rule);
    full.limit = cap.name;
    return full;
  }
  return finding;
}

}  // namespace

Finding Model::Judge(const View& view, const core::Request& request, Instant t,
                     bool limits_aside) const {
  return JudgeScene({world_, zones_, view, request}, t, limits_aside);
}

// Fills in, where the page says so, what remains.
void Model::Describe(const View& view, const core::Request& request, Instant now,
                     Answer& answer) const {
  if (answer.reason != Reason::kOk && answer.reason != Reason::kOutsideHours &&
      answer.reason != Reason::kSilence && answer.reason != Reason::kCallerNumber &&
      answer.reason != Reason::kLimitReached) {
    return;
  }
  const Scene scene{world_, zones_, view, request};
  for (const Cap& cap : CapsOn(scene, GroundAt(scene, now), now)) {
    answer.remaining.push_back({cap.name, Rest(scene, cap, now)});
  }
}

std::optional<Instant> Model::NextAllowed(const View& view, const core::Request& request,
                                          Instant now, Instant from) const {
  const Instant end = now + core::kHorizon + Seconds{1};
  if (Judge(view, request, from, false).reason == Reason::kOk) return from;
  // Looking at one day, then two, then four: most answers are near.
  int64_t days = 1;
  for (Instant low = from; low < end; days = std::min<int64_t>(2 * days, 64)) {
    const Instant high = std::min(end, low + Seconds{days * kDayS});
    std::vector<Instant> moments;
    for (const Edge& edge : Edges(view, low, high)) moments.push_back(edge.at);
    std::sort(moments.begin(), moments.end());
    for (size_t i = 0; i < moments.size(); ++i) {
      if (i > 0 && moments[i] == moments[i - 1]) continue;
      if (Judge(view, request, moments[i], false).reason == Reason::kOk) return moments[i];
    }
    low = high;
  }
  return std::nullopt;
}

Instant Model::ContactBefore(const View& view, const core::Request& request, Instant now,
                             Instant end) const {
  Instant first = end;
  for (const Edge& edge : Edges(view, now + Seconds{1}, first)) {
    if (edge.at < first && Judge(view, request, edge.at, true).reason != Reason::kOk) {
      first = edge.at;
    }
  }
  return first;
}

}  // namespace consent::model
