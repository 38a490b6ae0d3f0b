// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/description.h"

#include <string_view>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/text/zone_name.h"

namespace consent::simulate {
namespace {

using text::FormatLocal;

// The words of a set, as "CALL+SMS".
template <typename Enum, typename Set>
std::string Words(Set set, int max) {
  std::string out;
  for (int i = 1; i <= max; ++i) {
    const Enum word = static_cast<Enum>(i);
    if (!set.Has(word)) continue;
    absl::StrAppend(&out, out.empty() ? "" : "+", std::string(core::Name(word)));
  }
  return out;
}

std::string ChannelWords(core::ChannelSet set) {
  return Words<core::Channel>(set, core::kChannelMax);
}

std::string_view PeriodWord(core::Period period) {
  switch (period) {
    case core::Period::kDay:
      return "DAY";
    case core::Period::kWeek:
      return "WEEK";
    case core::Period::kMonth:
      return "MONTH";
    case core::Period::kYear:
      return "YEAR";
    case core::Period::kLifetime:
    case core::Period::kUnspecified:
      break;
  }
  return "LIFETIME";
}

std::string_view AlignmentWord(core::Alignment alignment) {
  switch (alignment) {
    case core::Alignment::kCalendar:
      return " CALENDAR";
    case core::Alignment::kRolling:
      return " ROLLING";
    case core::Alignment::kGrant:
      return " GRANT";
    case core::Alignment::kUnspecified:
      break;
  }
  return "";
}

// "calls CALL 1 a YEAR CALENDAR"; "x SMS 2 in 3 MONTH ROLLING, 6 attempts".
std::string LimitWords(const core::Limit& limit) {
  std::string out = absl::StrCat(limit.id, " ", ChannelWords(limit.channels), " ", limit.max);
  if (limit.window.period == core::Period::kLifetime) {
    absl::StrAppend(&out, " in all");
  } else {
    absl::StrAppend(&out,
                    limit.window.count == 1 ? " a " : absl::StrCat(" in ", limit.window.count, " "),
                    std::string(PeriodWord(limit.window.period)),
                    std::string(AlignmentWord(limit.window.alignment)));
  }
  if (limit.max_attempts.has_value()) {
    absl::StrAppend(&out, ", ", *limit.max_attempts, " attempts");
  }
  return out;
}

std::string HoursWords(const core::Span& span) {
  constexpr std::string_view kDays[] = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};
  std::string days;
  for (int i = 0; i < 7; ++i) {
    if ((span.days >> i & 1) == 0) continue;
    absl::StrAppend(&days, days.empty() ? "" : ",", std::string(kDays[i]));
  }
  const auto clock = [](int32_t minute) {
    return absl::StrCat(absl::Dec(minute / 60, absl::kZeroPad2), ":",
                        absl::Dec(minute % 60, absl::kZeroPad2));
  };
  return absl::StrCat(days, " ", clock(span.from_minute), "-", clock(span.to_minute));
}

class Describer {
 public:
  Describer(const Step& step, const Consumer& consumer) : step_(step), consumer_(consumer) {}

  std::vector<std::string> operator()(const GrantStep& step) const {
    const core::Grant& grant = step.grant;
    std::vector<std::string> lines = {
        absl::StrCat("grant ", grant.id, " to ", grant.company, " for ",
                     Words<core::Purpose>(grant.purposes, core::kPurposeMax))};
    for (const core::Limit& limit : grant.limits) lines.push_back(LimitWords(limit));
    for (const core::Span& span : grant.hours) lines.push_back(HoursWords(span));
    if (grant.valid_from != step_.at) lines.push_back("from " + Local(grant.valid_from));
    if (grant.valid_until != kNever) lines.push_back("until " + Local(grant.valid_until));
    if (grant.signed_by != core::Signer::kConsumer) {
      lines.push_back(absl::StrCat("claimed by ", std::string(core::Name(grant.signed_by)),
                                   ", collected ", Local(grant.collected_at)));
    }
    return lines;
  }
  std::vector<std::string> operator()(const RevokeStep& step) const {
    return {absl::StrCat("revoke ", step.grant.empty() ? "all grants" : step.grant, " of ",
                         step.company)};
  }
  std::vector<std::string> operator()(const BlockStep& step) const {
    return {absl::StrCat(
        "block ", step.company, " on ",
        step.channels == core::ChannelSet::All() ? "all channels" : ChannelWords(step.channels))};
  }
  std::vector<std::string> operator()(const UnblockStep& step) const {
    return {absl::StrCat("unblock ", step.company)};
  }
  std::vector<std::string> operator()(const ConsumeStep& step) const {
    std::string line =
        absl::StrCat("consume ", RequestWords(step.request), ", request ", step.request.request_id);
    if (step.request.hold.count > 0) {
      absl::StrAppend(&line, ", held ", step.request.hold.count, "s");
    }
    if (!step.request.caller_number.empty()) {
      absl::StrAppend(&line, ", calling from ", step.request.caller_number);
    }
    return {line};
  }
  std::vector<std::string> operator()(const CheckStep& step) const {
    return {absl::StrCat("check ", RequestWords(step.request))};
  }
  std::vector<std::string> operator()(const ConfirmStep& step) const {
    return {absl::StrCat("confirm step ", step.of)};
  }
  std::vector<std::string> operator()(const ReleaseStep& step) const {
    return {absl::StrCat("release step ", step.of)};
  }
  std::vector<std::string> operator()(const OutcomeStep& step) const {
    return {absl::StrCat("outcome of step ", step.of, ": ", std::string(core::Name(step.outcome)))};
  }
  std::vector<std::string> operator()(const RecoveredStep& step) const {
    return {absl::StrCat("recovered; entries lost since ", Local(step.lost_from))};
  }

 private:
  std::string Local(Instant t) const {
    return FormatLocal(ToAbslTime(t), consumer_.zone.value_or(absl::UTCTimeZone()));
  }
  static std::string RequestWords(const core::Request& request) {
    return absl::StrCat(std::string(core::Name(request.channel)), " by ", request.company, " for ",
                        std::string(core::Name(request.purpose)));
  }

  const Step& step_;
  const Consumer& consumer_;
};

}  // namespace

std::vector<std::string> DescribeStep(const Scenario& scenario, StepIndex index) {
  const Step& step = scenario.steps[index];
  static const Consumer* const kAll = new Consumer{.id = "all", .zone_name = {}, .zone = {}};
  const std::optional<ConsumerIndex> whom = scenario.ConsumerOf(index);
  const Consumer& consumer = whom.has_value() ? scenario.consumers[*whom] : *kAll;
  std::vector<std::string> lines = std::visit(Describer(step, consumer), step.action);
  lines[0] = absl::StrCat(consumer.id, ": ", lines[0]);
  return lines;
}

}  // namespace consent::simulate
