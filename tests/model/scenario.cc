// SPDX-License-Identifier: Apache-2.0

#include "tests/model/scenario.h"

#include <cstdio>
#include <map>
#include <ostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"

namespace consent::model {
namespace {

using core::Alignment;
using core::Period;

template <typename Enum, int kMax>
std::string ShowSet(core::EnumSet<Enum, kMax> set) {
  std::vector<std::string> names;
  for (int i = 1; i <= kMax; ++i) {
    if (set.Has(static_cast<Enum>(i))) names.push_back(std::string(Name(static_cast<Enum>(i))));
  }
  return absl::StrCat("[", absl::StrJoin(names, ", "), "]");
}

std::string ShowMinute(int32_t minute) {
  char text[16];
  std::snprintf(text, sizeof text, "\"%02d:%02d\"", static_cast<int>(minute / 60),
                static_cast<int>(minute % 60));
  return text;
}

std::string ShowDays(uint8_t days) {
  static constexpr const char* kNames[] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
  std::vector<std::string> names;
  for (int i = 0; i < 7; ++i) {
    if ((days >> i) & 1) names.push_back(kNames[i]);
  }
  return absl::StrCat("[", absl::StrJoin(names, ", "), "]");
}

std::string ShowWindow(const core::Window& window) {
  static constexpr const char* kPeriods[] = {"?", "DAY", "WEEK", "MONTH", "YEAR", "LIFETIME"};
  static constexpr const char* kAlignments[] = {"?", "CALENDAR", "ROLLING", "GRANT"};
  if (window.period == Period::kLifetime) return "{period: LIFETIME}";
  return absl::StrCat("{period: ", kPeriods[static_cast<int>(window.period)],
                      ", count: ", window.count,
                      ", alignment: ", kAlignments[static_cast<int>(window.alignment)], "}");
}

std::string ShowGrant(const core::Grant& grant) {
  static constexpr const char* kSigners[] = {"?", "CONSUMER", "REGISTRAR", "COMPANY"};
  std::string out = absl::StrCat(
      "grant: {id: ", grant.id, ", consumer: alice, company: ", grant.company,
      ", purposes: ", ShowSet(grant.purposes), ",\n      valid_from: ", Show(grant.valid_from));
  if (grant.valid_until != kNever)
    absl::StrAppend(&out, ", valid_until: ", Show(grant.valid_until));
  if (grant.signed_by != core::Signer::kConsumer) {
    absl::StrAppend(&out, ", signed_by: ", kSigners[static_cast<int>(grant.signed_by)],
                    ", collected_at: ", Show(grant.collected_at));
  }
  absl::StrAppend(&out, ",\n      limits: [",
                  absl::StrJoin(grant.limits, ",\n               ",
                                [](std::string* text, const core::Limit& limit) {
                                  absl::StrAppend(text, "{id: ", limit.id,
                                                  ", channels: ", ShowSet(limit.channels),
                                                  ", max: ", limit.max);
                                  if (limit.max_attempts.has_value()) {
                                    absl::StrAppend(text, ", max_attempts: ", *limit.max_attempts);
                                  }
                                  absl::StrAppend(text, ", window: ", ShowWindow(limit.window),
                                                  "}");
                                }),
                  "]");
  if (!grant.hours.empty()) {
    absl::StrAppend(&out, ",\n      hours: [",
                    absl::StrJoin(grant.hours, ", ",
                                  [](std::string* text, const core::Span& span) {
                                    absl::StrAppend(text, "{days: ", ShowDays(span.days),
                                                    ", from: ", ShowMinute(span.from_minute),
                                                    ", to: ", ShowMinute(span.to_minute), "}");
                                  }),
                    "]");
  }
  return absl::StrCat(out, "}");
}

std::string ShowRequest(const core::Request& request) {
  std::string out = absl::StrCat("consumer: alice, company: ", request.company,
                                 ", channel: ", std::string(Name(request.channel)),
                                 ", purpose: ", std::string(Name(request.purpose)));
  if (!request.request_id.empty()) absl::StrAppend(&out, ", request_id: ", request.request_id);
  if (request.permit_ttl != core::kPermitTtlDefault) {
    absl::StrAppend(&out, ", permit_ttl: ", request.permit_ttl.count, "s");
  }
  if (request.hold.count != 0) absl::StrAppend(&out, ", hold: ", request.hold.count, "s");
  if (!request.caller_number.empty()) {
    absl::StrAppend(&out, ", caller_number: \"", request.caller_number, "\"");
  }
  return out;
}

// Writes one step; `places` leads from names to places.
struct ShowAct {
  const std::map<int, size_t>& places;

  std::string Of(int name) const {
    const auto place = places.find(name);
    // No step of the file: one that never answered ALLOWED stands for it.
    return absl::StrCat("of: ", place == places.end() ? "none" : absl::StrCat(place->second));
  }
  std::string operator()(const core::Grant& grant) const { return ShowGrant(grant); }
  std::string operator()(const Revoke& act) const {
    return absl::StrCat("revoke: {consumer: alice, company: ", act.company,
                        act.grant.empty() ? "" : ", grant: ", act.grant, "}");
  }
  std::string operator()(const BlockAll& act) const {
    return absl::StrCat("block: {consumer: alice, company: \"", act.company,
                        "\", channels: ", ShowSet(act.channels), "}");
  }
  std::string operator()(const Unblock& act) const {
    return absl::StrCat("unblock: {consumer: alice, company: \"", act.company, "\"}");
  }
  std::string operator()(const Consume& act) const {
    return absl::StrCat("consume: {", ShowRequest(act.request), "}");
  }
  std::string operator()(const Check& act) const {
    return absl::StrCat("check: {", ShowRequest(act.request), "}");
  }
  std::string operator()(const Confirm& act) const {
    return absl::StrCat("confirm: {", Of(act.of), "}");
  }
  std::string operator()(const Release& act) const {
    return absl::StrCat("release: {", Of(act.of), "}");
  }
  std::string operator()(const Report& act) const {
    return absl::StrCat("outcome: {", Of(act.of), ", outcome: ", std::string(Name(act.outcome)),
                        "}");
  }
  std::string operator()(const Recovered& act) const {
    return absl::StrCat("recovered: {lost_from: ", Show(act.lost_from), "}");
  }
};

}  // namespace

const std::vector<std::string>& Zones() {
  static const auto& zones = *new std::vector<std::string>{"Europe/Paris",
                                                           "America/New_York",
                                                           "Australia/Lord_Howe",
                                                           "Asia/Kolkata",
                                                           "Pacific/Kiritimati",
                                                           "Pacific/Apia",
                                                           "America/St_Johns",
                                                           "Africa/Cairo",
                                                           "America/Nuuk",
                                                           "Atlantic/Azores",
                                                           "UTC"};
  return zones;
}

std::string Show(Instant t) {
  if (t >= kNever) return "never";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", ToAbslTime(t), absl::UTCTimeZone());
}

std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
  std::map<int, size_t> places;
  for (size_t i = 0; i < scenario.steps.size(); ++i) places[scenario.steps[i].name] = i;
  out << "\nrules: []\nconsumers:\n  - {id: alice, contact_point: \"+33639980001\", time_zone: "
      << (scenario.zone.empty() ? "unknown" : scenario.zone) << "}\nsteps:\n";
  for (size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step& step = scenario.steps[i];
    out << "  - {at: " << Show(step.at) << ", " << std::visit(ShowAct{places}, step.act) << "}  # "
        << i << "\n";
  }
  return out;
}

}  // namespace consent::model
