// SPDX-License-Identifier: Apache-2.0

#include "src/consent/question.h"

#include <algorithm>

namespace consent::core {
namespace {

// Nobody knows where the consumer is: the law of every place may protect them.
bool Protects(const Scope& scope, const Place& place) {
  if (scope.regions.empty() || place.regions.empty()) return true;
  return std::any_of(place.regions.begin(), place.regions.end(), [&](const std::string& region) {
    return std::find(scope.regions.begin(), scope.regions.end(), region) != scope.regions.end();
  });
}

bool Concerns(const Scope& scope, const Request& request, const Place& place) {
  return scope.channels.Has(request.channel) && scope.purposes.Has(request.purpose) &&
         (scope.matters.empty() || scope.matters.Has(request.matter)) && Protects(scope, place);
}

}  // namespace

Question Ask(const Record& record, const Request& request, std::string_view company,
             const Moment& moment) {
  Question question{record,      request,      company,    record.Find(company), moment.zones,
                    moment.loss, moment.asker, moment.law, moment.lists,         {}};
  if (moment.law == nullptr) return question;
  for (const Rule& rule : moment.law->rules) {
    if (Concerns(rule.scope, request, record.place)) question.rules.push_back(&rule);
  }
  return question;
}

}  // namespace consent::core
