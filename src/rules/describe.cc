// SPDX-License-Identifier: Apache-2.0

#include "src/rules/describe.h"

#include <string_view>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"

namespace consent::rules {
namespace {

constexpr std::string_view kPeriods[] = {"", "DAY", "WEEK", "MONTH", "YEAR", "LIFETIME"};
constexpr std::string_view kAlignments[] = {"", "CALENDAR", "ROLLING", "GRANT"};
constexpr std::string_view kDays[] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};

template <typename Enum, int kMax>
std::string Names(core::EnumSet<Enum, kMax> set) {
  std::vector<std::string> names;
  for (int i = 1; i <= kMax; ++i) {
    if (set.Has(static_cast<Enum>(i))) names.emplace_back(core::Name(static_cast<Enum>(i)));
  }
  return absl::StrJoin(names, ", ");
}

std::string Bases(core::BasisSet set) {
  const core::BasisSet others{static_cast<uint16_t>(core::BasisSet::All().bits & ~set.bits)};
  const std::string named = Names(set);
  const std::string left_out = absl::StrCat("all bases but ", Names(others));
  return named.size() < left_out.size() ? absl::StrCat("basis ", named) : left_out;
}

std::string Day(Instant t, const absl::TimeZone& zone) {
  return absl::FormatCivilTime(absl::ToCivilDay(ToAbslTime(t), zone));
}

// "30 DAY".
std::string Length(const core::Window& window) {
  return absl::StrCat(window.count, " ", std::string(kPeriods[static_cast<int>(window.period)]));
}

std::string Clock(int32_t minutes) {
  return absl::StrFormat("%02d:%02d", minutes / 60, minutes % 60);
}

// "MON-FRI", or the days one by one where they are no such row.
std::string Days(uint8_t days) {
  std::vector<int> set;
  for (int i = 0; i < 7; ++i) {
    if ((days >> i) & 1) set.push_back(i);
  }
  if (set.size() > 2 && set.back() - set.front() + 1 == static_cast<int>(set.size())) {
    return absl::StrCat(std::string(kDays[set.front()]), "-", std::string(kDays[set.back()]));
  }
  return absl::StrJoin(set, " ", [](std::string* out, int i) { out->append(kDays[i]); });
}

std::string Holidays(const std::vector<core::Holiday>& holidays) {
  return absl::StrJoin(holidays, ", ", [](std::string* out, const core::Holiday& holiday) {
    if (holiday.month == 0) {
      absl::StrAppendFormat(out, "Easter%+d", holiday.easter_offset_days);
    } else {
      absl::StrAppendFormat(out, "%02d-%02d", holiday.month, holiday.day);
    }
    if (!holiday.zones.empty()) absl::StrAppend(out, " (", absl::StrJoin(holiday.zones, " "), ")");
  });
}

struct BodyWords {
  std::string operator()(const core::ConsentRule&) const { return "needs consent"; }

  std::string operator()(const core::Exemption& exemption) const {
    std::string out(core::Name(exemption.basis));
    for (const core::RelationTerm& term : exemption.relations) {
      absl::StrAppend(&out, &term == &exemption.relations.front() ? ": " : ", ",
                      std::string(core::Name(term.relation)));
      if (term.lasts.has_value()) absl::StrAppend(&out, " for ", Length(*term.lasts));
    }
    if (exemption.max_attempts > 0) {
      absl::StrAppend(&out, "; at most ", exemption.max_attempts, " attempts");
    }
    absl::StrAppend(&out, "; lifts ",
                    exemption.lifts.empty() ? "nothing" : absl::StrJoin(exemption.lifts, ", "));
    return out;
  }

  std::string operator()(const core::HoursRule& hours) const {
    std::string out =
        absl::StrJoin(hours.spans, ", ", [](std::string* words, const core::Span& span) {
          absl::StrAppend(words, Days(span.days), " ", Clock(span.from_minute), "-",
                          Clock(span.to_minute));
        });
    if (!hours.holidays.empty()) {
      absl::StrAppend(&out, "; not on ", Holidays(hours.holidays));
    }
    if (hours.consent_lifts) absl::StrAppend(&out, "; a grant may name other hours");
    return out;
  }

  std::string operator()(const core::AttemptsRule& attempts) const {
    const core::Window& window = attempts.limit.window;
    return absl::StrCat("at most ", attempts.limit.max, " attempts, ",
                        std::string(kAlignments[static_cast<int>(window.alignment)]), " ",
                        Length(window));
  }

  std::string operator()(const core::SilenceRule& silence) const {
    return absl::StrCat(silence.days, " full days after a refusal");
  }

  std::string operator()(const core::Prohibition&) const { return "prohibited"; }

  std::string operator()(const core::CallerRule& caller) const {
    std::vector<std::string> parts;
    if (caller.required) parts.emplace_back("a number must be shown");
    if (!caller.allowed.empty()) {
      parts.push_back(absl::StrCat("numbers of ", caller.country, " begin with ",
                                   absl::StrJoin(caller.allowed, ", ")));
    }
    if (caller.new_numbers_max > 0) {
      parts.push_back(absl::StrCat("at most ", caller.new_numbers_max, " new numbers in ",
                                   caller.new_numbers_days, " days"));
    }
    return absl::StrJoin(parts, "; ");
  }

  std::string operator()(const core::ListRule& list) const {
    std::string out = absl::StrCat("list ", list.list);
    if (list.binds_after_days > 0) {
      absl::StrAppend(&out, "; binds after ", list.binds_after_days, " days");
    }
    if (list.lasts.has_value()) absl::StrAppend(&out, "; lasts ", Length(*list.lasts));
    if (list.stale_after_days > 0) {
      absl::StrAppend(&out, "; stale after ", list.stale_after_days, " days");
    }
    return out;
  }

  std::string operator()(const core::GuardianRule& guardian) const {
    return absl::StrCat("a guardian's word for ", std::string(core::Name(guardian.holder)));
  }
};

}  // namespace

std::string DescribeScope(const Pack& pack, const core::Scope& scope) {
  std::vector<std::string> parts;
  if (scope.channels != core::ChannelSet::All()) parts.push_back(Names(scope.channels));
  if (scope.purposes != core::PurposeSet::All()) parts.push_back(Names(scope.purposes));
  if (scope.bases != core::BasisSet::All()) parts.push_back(Bases(scope.bases));
  if (!scope.matters.empty()) parts.push_back(Names(scope.matters));
  if (scope.regions != pack.regions) {
    parts.push_back(absl::StrCat("in ", absl::StrJoin(scope.regions, " ")));
  }
  if (scope.from != core::kEarliest) {
    parts.push_back(absl::StrCat("from ", Day(scope.from, pack.time_zone)));
  }
  if (scope.until != kNever) {
    parts.push_back(absl::StrCat("until ", Day(scope.until, pack.time_zone)));
  }
  return parts.empty() ? "any contact" : absl::StrJoin(parts, "; ");
}

std::string DescribeBody(const core::Rule& rule) { return std::visit(BodyWords(), rule.body); }

}  // namespace consent::rules
