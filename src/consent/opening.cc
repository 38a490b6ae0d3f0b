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
  const std::vector<Span>& lifted = ground.grant->grant.outside_legal_hours;
  return !lifted.empty() && WithinHours(lifted, t, zone);
}

// The consumer's quiet hours, where they are about this purpose; null otherwise.
const std::vector<Span>* QuietHours(const Question& question) {
  if (!question.record.preferences.has_value()) return nullptr;
  const Preferences& preferences = question.record.preferences->preferences;
  const bool about = preferences.purposes.Has(question.request.purpose);
  return about && !preferences.quiet.empty() ? &preferences.quiet : nullptr;
}

// Calls `visit(spans)` for each list of hours that is asked for a contact on `ground` at `t`.
template <class Visit>
void ForEachHours(const Question& question, const Ground& ground, Instant t, Visit visit) {
  for (const Rule* rule : question.rules) {
    const auto* hours = Binding<HoursRule>(*rule, ground.basis, t);
    if (hours != nullptr) visit(hours->spans);
  }
  if (ground.grant != nullptr) {
    if (!ground.grant->grant.outside_legal_hours.empty()) {
      visit(ground.grant->grant.outside_legal_hours);
    }
    if (!ground.grant->grant.hours.empty()) visit(ground.grant->grant.hours);
  }
  if (ground.basis != Basis::kCallback) {
    if (const std::vector<Span>* quiet = QuietHours(question)) visit(*quiet);
  }
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
    if (ground.grant != nullptr && !WithinHours(ground.grant->grant.hours, t, zone)) return true;
    if (ground.basis == Basis::kCallback) return false;
    const std::vector<Span>* quiet = QuietHours(question);
    return quiet != nullptr && WithinHours(*quiet, t, zone);
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
