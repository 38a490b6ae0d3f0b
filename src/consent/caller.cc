// SPDX-License-Identifier: Apache-2.0

#include "src/consent/caller.h"

#include <algorithm>
#include <string>
#include <vector>

#include "src/consent/earliest.h"
#include "src/consent/window.h"

namespace consent::core {
namespace {

const std::vector<RegisteredNumber>& NumbersOf(const Question& question) {
  static const auto* const kNone = new std::vector<RegisteredNumber>();
  return question.asker != nullptr ? question.asker->numbers : *kNone;
}

bool IsRegistered(const Question& question) {
  const std::vector<RegisteredNumber>& numbers = NumbersOf(question);
  const std::string& shown = question.request.caller_number;
  const auto it = std::lower_bound(
      numbers.begin(), numbers.end(), shown,
      [](const RegisteredNumber& a, const std::string& b) { return a.number < b; });
  return it != numbers.end() && it->number == shown;
}

bool Begins(std::string_view number, std::string_view prefix) {
  return number.substr(0, prefix.size()) == prefix;
}

bool IsOfAllowedRange(const CallerRule& rule, std::string_view number) {
  if (rule.allowed.empty() || !Begins(number, rule.country)) return true;
  return std::any_of(rule.allowed.begin(), rule.allowed.end(),
                     [&](const std::string& range) { return Begins(number, range); });
}

bool IsRotating(const Question& question, const CallerRule& rule, Instant t) {
  if (rule.new_numbers_max == 0) return false;
  const std::vector<RegisteredNumber>& numbers = NumbersOf(question);
  const auto lately = std::count_if(numbers.begin(), numbers.end(), [&](const auto& number) {
    return number.registered_at <= t && t < number.registered_at + Days(rule.new_numbers_days);
  });
  return lately > rule.new_numbers_max;
}

}  // namespace

CallerFinding FindCaller(const Question& question, Basis basis, Instant t) {
  const std::string& number = question.request.caller_number;
  for (const Rule* rule : question.rules) {
    const auto* caller = Binding<CallerRule>(*rule, basis, t);
    if (caller == nullptr) continue;
    if ((caller->required && number.empty()) || !IsOfAllowedRange(*caller, number) ||
        IsRotating(question, *caller, t)) {
      return {false, rule};
    }
  }
  if (!number.empty() && !NumbersOf(question).empty() && !IsRegistered(question)) {
    return {false, nullptr};
  }
  return {};
}

Instant NextCallerEdge(const Question& question, Instant t) {
  Earliest edge(t);
  for (const Rule* rule : question.rules) {
    const auto* caller = std::get_if<CallerRule>(&rule->body);
    if (caller == nullptr || caller->new_numbers_max == 0) continue;
    for (const RegisteredNumber& number : NumbersOf(question)) {
      edge.Take(number.registered_at + Days(caller->new_numbers_days));
    }
  }
  return edge.next();
}

}  // namespace consent::core
