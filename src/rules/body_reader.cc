// SPDX-License-Identifier: Apache-2.0

#include "src/rules/body_reader.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/rules/exemption_reader.h"
#include "src/rules/holiday_reader.h"
#include "src/rules/pack.h"
#include "src/text/window_reader.h"

namespace consent::rules {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::Node;

// Longer than any such period.
int64_t DaysOf(const core::Window& window) {
  constexpr int64_t kDays[] = {0, 1, 7, 31, 366, 0};
  return kDays[static_cast<int>(window.period)] * window.count;
}

core::HoursRule ReadHoursRule(const Node& node, Errors& errors) {
  core::HoursRule hours;
  Fields fields(node, "hours", errors);
  if (const Node* spans = fields.Required("spans")) {
    hours.spans = ReadHours(*spans, errors);
    if (spans->kind == Node::Kind::kList && spans->items.empty()) {
      errors.Add(spans->line, "expected at least one span, found an empty list");
    }
  }
  if (const Node* holidays = fields.Optional("holidays")) {
    hours.holidays = ReadHolidays(*holidays, errors);
  }
  if (const Node* lifts = fields.Optional("consent_lifts")) {
    hours.consent_lifts = ReadBool(*lifts, errors).value_or(false);
  }
  fields.Close();
  return hours;
}

core::AttemptsRule ReadAttempts(const Node& node, Errors& errors) {
  core::AttemptsRule attempts;
  Fields fields(node, "attempts", errors);
  if (const Node* max = fields.Required("max")) {
    attempts.limit.max =
        ReadNumber(*max, "max", {.min = 1, .max = core::kMaxMax}, errors).value_or(0);
  }
  if (const Node* window_node = fields.Required("window")) {
    const core::Window window = ReadWindow(*window_node, errors);
    attempts.limit.window = window;
    if (window.period == core::Period::kLifetime || window.alignment == core::Alignment::kGrant) {
      errors.Add(window_node->line,
                 "expected a window of the calendar or a rolling one, found one that begins with a "
                 "grant");
    } else if (DaysOf(window) > core::kRuleWindowDaysMax) {
      errors.Add(window_node->line,
                 absl::StrCat("expected a window of at most ", core::kRuleWindowDaysMax,
                              " days, found ", DaysOf(window)));
    }
  }
  fields.Close();
  return attempts;
}

core::SilenceRule ReadSilence(const Node& node, Errors& errors) {
  core::SilenceRule silence;
  Fields fields(node, "a silence", errors);
  if (const Node* days = fields.Required("days")) {
    silence.days = static_cast<int32_t>(
        ReadNumber(*days, "days", {.min = 1, .max = core::kSilenceDaysMax}, errors).value_or(0));
  }
  fields.Close();
  return silence;
}

// "+33162": the beginning of a number in international form.
std::optional<std::string> ReadPrefix(const Node& node, Errors& errors) {
  constexpr size_t kPrefixBytesMax = 16;  // "+" and fifteen digits.
  const std::string& text = node.text;
  if (node.kind == Node::Kind::kText && text.size() >= 2 && text.size() <= kPrefixBytesMax &&
      text[0] == '+' && text[1] != '0' && std::all_of(text.begin() + 1, text.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c));
      })) {
    return text;
  }
  errors.Add(node.line, absl::StrCat("expected the beginning of a number as +33162, "
                                     "found ",
                                     Describe(node)));
  return std::nullopt;
}

void ReadAllowed(const Node& node, core::CallerRule& caller, Errors& errors) {
  const std::vector<Node>* list = ReadList(node, "beginnings of numbers", errors);
  if (list == nullptr) return;
  if (list->empty() || list->size() > kPrefixesMax) {
    errors.Add(node.line, absl::StrCat("expected 1 to ", kPrefixesMax,
                                       " beginnings of numbers, found ", list->size()));
    return;
  }
  for (const Node& item : *list) {
    std::optional<std::string> prefix = ReadPrefix(item, errors);
    if (!prefix.has_value()) continue;
    if (!absl::StartsWith(*prefix, caller.country)) {
      errors.Add(item.line, absl::StrCat("expected the beginning of a number of `country`, found ",
                                         Describe(item)));
    }
    caller.allowed.push_back(*std::move(prefix));
  }
}

core::CallerRule ReadCaller(const Node& node, Errors& errors) {
  core::CallerRule caller;
  Fields fields(node, "a caller number's rule", errors);
  const Node* required = fields.Optional("required");
  const Node* country = fields.Optional("country");
  const Node* allowed = fields.Optional("allowed");
  const Node* new_max = fields.Optional("new_numbers_max");
  const Node* new_days = fields.Optional("new_numbers_days");
  fields.Close();
  if (required != nullptr) caller.required = ReadBool(*required, errors).value_or(false);
  if (country != nullptr) caller.country = ReadPrefix(*country, errors).value_or("");
  if (allowed != nullptr) ReadAllowed(*allowed, caller, errors);
  if (new_max != nullptr) {
    caller.new_numbers_max = static_cast<int32_t>(
        ReadNumber(*new_max, "new_numbers_max", {.min = 1, .max = core::kMaxMax}, errors)
            .value_or(0));
  }
  if (new_days != nullptr) {
    const text::NumberRange range{.min = 1, .max = core::kRuleWindowDaysMax};
    caller.new_numbers_days =
        static_cast<int32_t>(ReadNumber(*new_days, "new_numbers_days", range, errors).value_or(0));
  }
  if ((country == nullptr) != (allowed == nullptr)) {
    errors.Add(node.line, "expected `country` and `allowed` together, found one alone");
  }
  if ((new_max == nullptr) != (new_days == nullptr)) {
    errors.Add(node.line,
               "expected `new_numbers_max` and `new_numbers_days` together, found one alone");
  }
  if (fields.ok() && required == nullptr && allowed == nullptr && new_max == nullptr) {
    errors.Add(node.line, "expected `required`, `allowed` or `new_numbers_max`, found none");
  }
  return caller;
}

core::ListRule ReadListRule(const Node& node, Errors& errors) {
  core::ListRule list;
  Fields fields(node, "a list's rule", errors);
  const auto days = [&](const Node& days_node, std::string_view what, int64_t min) {
    return static_cast<int32_t>(
        ReadNumber(days_node, what, {.min = min, .max = kListDaysMax}, errors).value_or(0));
  };
  if (const Node* id = fields.Required("list")) {
    list.list = ReadId(*id, "a list's id", errors).value_or("");
  }
  if (const Node* lasts = fields.Optional("lasts")) list.lasts = ReadLength(*lasts, errors);
  if (const Node* binds = fields.Optional("binds_after_days")) {
    list.binds_after_days = days(*binds, "binds_after_days", 0);
  }
  if (const Node* stale = fields.Optional("stale_after_days")) {
    list.stale_after_days = days(*stale, "stale_after_days", 1);
  }
  fields.Close();
  return list;
}

core::GuardianRule ReadGuardian(const Node& node, Errors& errors) {
  core::GuardianRule guardian;
  Fields fields(node, "a guardian's rule", errors);
  if (const Node* holder = fields.Required("holder")) {
    guardian.holder = ReadHolderClass(*holder, errors).value_or(core::HolderClass::kMinor);
  }
  fields.Close();
  return guardian;
}

// A body that is all said by its name: `{}`.
void ReadNothing(const Node& node, std::string_view what, Errors& errors) {
  Fields(node, what, errors).Close();
}

constexpr const char* kBodies[] = {"consent",     "exemption", "hours", "attempts", "silence",
                                   "prohibition", "caller",    "list",  "guardian"};

}  // namespace

ReadBodyResult ReadBody(Fields& fields, Errors& errors) {
  ReadBodyResult result;
  std::vector<std::string> found;
  const Node* node = nullptr;
  for (const char* body : kBodies) {
    if (const Node* value = fields.Optional(body)) {
      found.emplace_back(body);
      node = value;
    }
  }
  if (found.size() != 1) {
    if (!fields.ok()) return result;
    errors.Add(fields.line(),
               absl::StrCat("expected one of ", absl::StrJoin(kBodies, ", "), " in a rule, found ",
                            found.empty() ? "none" : absl::StrJoin(found, " and ")));
    return result;
  }
  const std::string& body = found[0];
  if (body == "consent") {
    ReadNothing(*node, "consent's rule", errors);
    result.body = core::ConsentRule{};
  } else if (body == "exemption") {
    result.body = ReadExemption(*node, result.lifted, errors);
  } else if (body == "hours") {
    result.body = ReadHoursRule(*node, errors);
  } else if (body == "attempts") {
    result.body = ReadAttempts(*node, errors);
  } else if (body == "silence") {
    result.body = ReadSilence(*node, errors);
  } else if (body == "prohibition") {
    ReadNothing(*node, "a prohibition", errors);
    result.body = core::Prohibition{};
  } else if (body == "caller") {
    result.body = ReadCaller(*node, errors);
  } else if (body == "list") {
    result.body = ReadListRule(*node, errors);
  } else {
    result.body = ReadGuardian(*node, errors);
  }
  result.knows_basis = body == "hours" || body == "attempts" || body == "silence" ||
                       body == "prohibition" || body == "caller";
  return result;
}

}  // namespace consent::rules
