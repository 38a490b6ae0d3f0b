// SPDX-License-Identifier: Apache-2.0
//
// What steps and law are made of, in the words of scenario files and rule packs.

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "tests/model/scenario.h"

namespace consent::model {
namespace {

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

std::string ShowHoliday(const core::Holiday& holiday) {
  return holiday.month == 0 ? absl::StrCat("Easter ", holiday.easter_offset_days)
                            : absl::StrCat(holiday.month, "-", holiday.day);
}

struct ShowBody {
  std::string operator()(const core::ConsentRule&) const { return "consent"; }
  std::string operator()(const core::Exemption& body) const {
    std::string out =
        absl::StrCat("exemption from [", absl::StrJoin(body.lifts, ", "), "] by ",
                     std::string(Name(body.basis)), ", max_attempts ", body.max_attempts);
    for (const core::RelationTerm& term : body.relations) {
      absl::StrAppend(&out, ", ", std::string(Name(term.relation)));
      if (term.lasts.has_value()) absl::StrAppend(&out, " for ", Show(*term.lasts));
    }
    return out;
  }
  std::string operator()(const core::HoursRule& body) const {
    std::string out = absl::StrCat("hours ", Show(body.spans), ", not on");
    for (const core::Holiday& holiday : body.holidays) {
      absl::StrAppend(&out, " ", ShowHoliday(holiday));
    }
    return absl::StrCat(out, body.consent_lifts ? ", consent lifts" : "");
  }
  std::string operator()(const core::AttemptsRule& body) const {
    return absl::StrCat("at most ", body.limit.max, " in ", Show(body.limit.window));
  }
  std::string operator()(const core::SilenceRule& body) const {
    return absl::StrCat("silence of ", body.days, " days");
  }
  std::string operator()(const core::Prohibition&) const { return "prohibited"; }
  std::string operator()(const core::CallerRule& body) const {
    return absl::StrCat("caller", body.required ? " required" : "", ", ", body.country, " from [",
                        absl::StrJoin(body.allowed, ", "), "], at most ", body.new_numbers_max,
                        " new in ", body.new_numbers_days, " days");
  }
  std::string operator()(const core::ListRule& body) const {
    return absl::StrCat("list ", body.list, " after ", body.binds_after_days, " days",
                        body.lasts.has_value() ? " for " + Show(*body.lasts) : "", ", stale after ",
                        body.stale_after_days, " days");
  }
  std::string operator()(const core::GuardianRule& body) const {
    return absl::StrCat("guardian of ", std::string(Name(body.holder)));
  }
};

}  // namespace

std::string Show(core::ChannelSet channels) { return ShowSet(channels); }
std::string Show(core::PurposeSet purposes) { return ShowSet(purposes); }

std::string Show(const core::Window& window) {
  static constexpr const char* kPeriods[] = {"?", "DAY", "WEEK", "MONTH", "YEAR", "LIFETIME"};
  static constexpr const char* kAlignments[] = {"?", "CALENDAR", "ROLLING", "GRANT"};
  if (window.period == core::Period::kLifetime) return "{period: LIFETIME}";
  return absl::StrCat("{period: ", kPeriods[static_cast<int>(window.period)],
                      ", count: ", window.count,
                      ", alignment: ", kAlignments[static_cast<int>(window.alignment)], "}");
}

std::string Show(const std::vector<core::Span>& spans) {
  const auto show = [](std::string* text, const core::Span& span) {
    absl::StrAppend(text, "{days: ", ShowDays(span.days), ", from: ", ShowMinute(span.from_minute),
                    ", to: ", ShowMinute(span.to_minute), "}");
  };
  return absl::StrCat("[", absl::StrJoin(spans, ", ", show), "]");
}

std::string Show(const core::Rule& rule) {
  const core::Scope& scope = rule.scope;
  return absl::StrCat(
      rule.id, ": ", std::visit(ShowBody(), rule.body), "; on ", Show(scope.channels), " for ",
      Show(scope.purposes), " by ", ShowSet(scope.bases), scope.matters.empty() ? "" : " about ",
      scope.matters.empty() ? "" : ShowSet(scope.matters), " in [",
      absl::StrJoin(scope.regions, ", "), "] from ",
      scope.from <= core::kEarliest ? "ever" : Show(scope.from), " until ", Show(scope.until));
}

std::string Show(Instant t) {
  if (t >= kNever) return "never";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", ToAbslTime(t), absl::UTCTimeZone());
}

}  // namespace consent::model
