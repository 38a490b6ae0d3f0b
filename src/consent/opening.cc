// SPDX-License-Identifier: Apache-2.0

#include "src/consent/opening.h"

#include <algorithm>
#include <vector>

#include "absl/time/civil_time.h"
#include "src/consent/holiday.h"
#include "src/consent/hours.h"

namespace consent::core {
namespace {

bool OpensHours(const HoursRule& rule, Instant t, const absl::TimeZone& zone) {
  if (!WithinHours(rule.spans, t, zone)) return false;
  const absl::CivilDay today(absl::ToCivilDay(ToAbslTime(t), zone));
  return !IsHoliday(rule.holidays, today, zone.name());
}

// Whether the consumer expressly lifted the law's hours for this moment.
bool IsLiftedAt(const HoursRule& rule, const Ground& ground, Instant t,
                const absl::TimeZone& zone) {
  if (!rule.consent_lifts || ground.basis != Basis::kConsent) return false;
  return std::all_of(ground.grants.begin(), ground.grants.end(), [&](const KeptGrant* kept) {
    const std::vector<Span>& lifted = kept->grant.outside_legal_hours;
    return !lifted.empty() && WithinHours(lifted, t, zone);
  });
}

// Calls `visit(spans)` for the quiet hours of everyone on the line whose are about this purpose.
template <class Visit>
void ForEachQuiet(const Question& question, Visit visit) {
  for (const KeptPreferences& kept : question.record.preferences) {
    const Preferences& preferences = kept.preferences;
    if (preferences.purposes.Has(question.request.purpose) && !preferences.quiet.empty()) {
      visit(preferences.quiet);
    }
  }
}

// Calls `visit(spans)` for each list of hours that is asked for a contact on `ground` at `t`.
template <class Visit>
void ForEachHours(const Question& question, const Ground& ground, Instant t, Visit visit) {
  for (const Rule* rule : question.rules) {
    const auto* hours = Binding<HoursRule>(*rule, ground.basis, t);
    if (hours != nullptr) visit(hours->spans);
  }
  for (const KeptGrant* kept : ground.grants) {
    if (!kept->grant.outside_legal_hours.empty()) visit(kept->grant.outside_legal_hours);
    if (!kept->grant.hours.empty()) visit(kept->grant.hours);
  }
  if (ground.basis != Basis::kCallback) ForEachQuiet(question, visit);
}

}  // namespace

Opening OpeningAt(const Question& question, const Ground& ground, Instant t) {
  for (const Rule* rule : question.rules) {
    const auto* hours = Binding<HoursRule>(*rule, ground.basis, t);
    if (hours == nullptr) continue;
    const bool open =
        std::all_of(question.zones.begin(), question.zones.end(), [&](const absl::TimeZone& zone) {
          return OpensHours(*hours, t, zone) || IsLiftedAt(*hours, ground, t, zone);
        });
    if (!open) return {false, rule};
  }
  const auto closed = [&](const absl::TimeZone& zone) {
    const auto shut = [&](const KeptGrant* kept) {
      return !WithinHours(kept->grant.hours, t, zone);
    };
    if (std::any_of(ground.grants.begin(), ground.grants.end(), shut)) return true;
    if (ground.basis == Basis::kCallback) return false;
    bool quiet = false;
    ForEachQuiet(question,
                 [&](const std::vector<Span>& spans) { quiet |= WithinHours(spans, t, zone); });
    return quiet;
  };
  return {std::none_of(question.zones.begin(), question.zones.end(), closed), nullptr};
}

Instant OpeningStaysUntil(const Question& question, const Ground& ground, Instant t) {
  Instant until = kNever;
  ForEachHours(question, ground, t, [&](const std::vector<Span>& spans) {
    for (const absl::TimeZone& zone : question.zones) {
      until = std::min(until, HoursStayUntil(spans, t, zone));
    }
  });
  return until;
}

}  // namespace consent::core
