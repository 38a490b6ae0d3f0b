// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/description.h"

#include <string_view>
#include <utility>
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

std::string PurposeWords(core::PurposeSet set) {
  return set == core::PurposeSet::All() ? "all purposes"
                                        : Words<core::Purpose>(set, core::kPurposeMax);
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
    for (const core::Span& span : grant.outside_legal_hours) {
      lines.push_back("also outside legal hours " + HoursWords(span));
    }
    if (grant.guardian) lines.push_back("with a guardian's word");
    AddDates(grant.valid_from, grant.valid_until, lines);
    AddSource(grant.signed_by, grant.collected_at, lines);
    return lines;
  }
  std::vector<std::string> operator()(const RevokeStep& step) const {
    return {absl::StrCat("revoke ", step.grant.empty() ? "all grants" : step.grant, " of ",
                         step.company)};
  }
  std::vector<std::string> operator()(const BlockStep& step) const {
    const core::Block& block = step.block;
    std::string line = absl::StrCat(
        "block ", TargetWords(block.whose, block.company), " on ",
        block.channels == core::ChannelSet::All() ? "all channels" : ChannelWords(block.channels));
    if (block.purposes != core::PurposeSet::All()) {
      absl::StrAppend(&line, " for ", PurposeWords(block.purposes));
    }
    return {line};
  }
  std::vector<std::string> operator()(const UnblockStep& step) const {
    return {absl::StrCat("unblock ", TargetWords(step.whose, step.company))};
  }
  std::vector<std::string> operator()(const PreferencesStep& step) const {
    const core::Preferences& preferences = step.preferences;
    std::vector<std::string> lines = {
        absl::StrCat("preferences about ", PurposeWords(preferences.purposes))};
    for (const core::Limit& limit : preferences.limits) lines.push_back(LimitWords(limit));
    for (const core::Span& span : preferences.quiet) lines.push_back("quiet " + HoursWords(span));
    if (preferences.pause_until.has_value()) {
      lines.push_back("paused until " + Local(*preferences.pause_until));
    }
    return lines;
  }
  std::vector<std::string> operator()(const ContractStep& step) const {
    const core::Contract& contract = step.contract;
    std::vector<std::string> lines = {
        absl::StrCat(std::string(core::Name(contract.relation)), " ", contract.id, " with ",
                     contract.company, contract.object.empty() ? "" : " about ", contract.object)};
    if (contract.similar_products) lines.push_back("similar products too");
    AddDates(contract.valid_from, contract.valid_until, lines);
    AddSource(contract.signed_by, contract.collected_at, lines);
    return lines;
  }
  std::vector<std::string> operator()(const ContestStep& step) const {
    return {absl::StrCat("contest ", step.contract.empty() ? "all contracts" : step.contract,
                         " with ", step.company)};
  }
  std::vector<std::string> operator()(const CallbackStep& step) const {
    const core::Callback& callback = step.callback;
    std::vector<std::string> lines = {
        absl::StrCat("asks ", callback.company, " to call back (", callback.id, ", ",
                     ChannelWords(callback.channels), ", ", PurposeWords(callback.purposes), ")")};
    AddDates(callback.valid_from, callback.valid_until, lines);
    AddSource(callback.signed_by, callback.collected_at, lines);
    return lines;
  }
  std::vector<std::string> operator()(const ListStep& step) const {
    const core::Listing& listing = step.listing;
    if (!step.consumer.has_value()) return {"a new copy of the list " + listing.list};
    if (step.removed) return {"taken off the list " + listing.list};
    std::vector<std::string> lines = {"on the list " + listing.list};
    if (listing.company != "*") lines.push_back("against " + listing.company);
    if (listing.listed_at != step_.at) lines.push_back("since " + Local(listing.listed_at));
    return lines;
  }
  std::vector<std::string> operator()(const HolderStep& step) const {
    const std::string_view holder = core::Name(step.holder);
    return {absl::StrCat(step.new_holder ? "a new holder" : "the holder",
                         holder.empty() ? "" : " is of class ", std::string(holder))};
  }
  std::vector<std::string> operator()(const DelegateStep& step) const {
    const core::Delegation& delegation = step.delegation;
    std::vector<std::string> lines = {
        absl::StrCat(delegation.by.empty() ? delegation.company : delegation.by, " lets ",
                     delegation.processor, " contact for ", delegation.company)};
    AddDates(delegation.from, delegation.until, lines);
    return lines;
  }
  std::vector<std::string> operator()(const UndelegateStep& step) const {
    return {absl::StrCat(step.processor, " no longer contacts for ", step.company)};
  }
  std::vector<std::string> operator()(const NumberStep& step) const {
    return {absl::StrCat(step.company, step.removed ? " gives up " : " registers ", step.number)};
  }
  std::vector<std::string> operator()(const ConsumeStep& step) const {
    std::string line =
        absl::StrCat("consume ", RequestWords(step.request), ", request ", step.request.request_id);
    if (step.request.hold.count > 0) {
      absl::StrAppend(&line, ", held ", step.request.hold.count, "s");
    }
    AddRequestWords(step.request, line);
    return {line};
  }
  std::vector<std::string> operator()(const CheckStep& step) const {
    std::string line = absl::StrCat("check ", RequestWords(step.request));
    AddRequestWords(step.request, line);
    return {line};
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
  std::string Local(Instant t) const { return FormatLocal(ToAbslTime(t), consumer_.zone()); }
  void AddDates(Instant from, Instant until, std::vector<std::string>& lines) const {
    if (from != step_.at) lines.push_back("from " + Local(from));
    if (until != kNever) lines.push_back("until " + Local(until));
  }
  void AddSource(core::Signer signed_by, Instant collected_at,
                 std::vector<std::string>& lines) const {
    if (signed_by == core::Signer::kConsumer) return;
    lines.push_back(absl::StrCat("claimed by ", std::string(core::Name(signed_by)), ", collected ",
                                 Local(collected_at)));
  }
  static std::string TargetWords(core::Whose whose, const std::string& name) {
    const std::string_view kind = whose == core::Whose::kGroup       ? "the group "
                                  : whose == core::Whose::kProcessor ? "the processor "
                                                                     : "";
    return absl::StrCat(std::string(kind), name);
  }
  static void AddRequestWords(const core::Request& request, std::string& line) {
    const std::pair<std::string_view, std::string_view> words[] = {
        {", calling from ", request.caller_number},
        {", about ", core::Name(request.matter)},
        {", contract ", request.contract},
        {", through ", request.processor},
        {", agent ", request.agent},
        {" in ", request.agent_country},
    };
    for (const auto& [lead, word] : words) {
      if (!word.empty()) absl::StrAppend(&line, std::string(lead), std::string(word));
    }
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
  static const Consumer* const kAll =
      new Consumer{.id = "all", .place = {}, .zones = {}, .keys = {}};
  const std::optional<ConsumerIndex> whom = scenario.ConsumerOf(index);
  const Consumer& consumer = whom.has_value() ? scenario.consumers[*whom] : *kAll;
  std::vector<std::string> lines = std::visit(Describer(step, consumer), step.action);
  const std::string speaker =
      step.key.has_value() ? absl::StrCat(" (", consumer.keys[*step.key], ")") : "";
  lines[0] = absl::StrCat(consumer.id, speaker, ": ", lines[0]);
  return lines;
}

}  // namespace consent::simulate
