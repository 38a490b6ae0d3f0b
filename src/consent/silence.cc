// SPDX-License-Identifier: Apache-2.0

#include "src/consent/silence.h"

#include <algorithm>

#include "absl/time/civil_time.h"

namespace consent::core {
namespace {

// A no is a no, whatever the contact stood on.
bool Covers(const Scope& scope, const Refusal& refusal) {
  return scope.channels.Has(refusal.channel) && scope.purposes.Has(refusal.purpose);
}

// The end of the last of `days` full days after the one of `declined`, on the latest clock.
Instant EndOf(const Question& question, Instant declined, int32_t days) {
  Instant end = declined;
  for (const absl::TimeZone& zone : question.zones) {
    const absl::CivilDay day(absl::ToCivilDay(ToAbslTime(declined), zone));
    const absl::CivilSecond midnight(day + days + 1);
    end = std::max(end, FromAbslTime(zone.At(midnight).pre));
  }
  return end;
}

}  // namespace

Silence SilenceAt(const Question& question, Basis basis, Instant t) {
  if (question.between == nullptr || question.between->refusals.empty()) return {};
  for (const Rule* rule : question.rules) {
    const auto* silence = Binding<SilenceRule>(*rule, basis, t);
    if (silence == nullptr) continue;
    Instant until = t;
    for (const Refusal& refusal : question.between->refusals) {
      if (!Covers(rule->scope, refusal)) continue;
      until = std::max(until, EndOf(question, refusal.at, silence->days));
    }
    if (until > t) return {rule, until};
  }
  return {};
}

}  // namespace consent::core
