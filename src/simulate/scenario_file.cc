// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/scenario_file.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "src/consent/record.h"
#include "src/contact/contact_point.h"
#include "src/contact/region.h"
#include "src/contact/zone.h"
#include "src/rules/embedded.h"
#include "src/simulate/step_reader.h"
#include "src/text/value_reader.h"
#include "src/text/zone_name.h"

namespace consent::simulate {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::LoadZone;
using text::Node;
using text::ParseDocument;

// The pack that a scenario names.
absl::StatusOr<rules::Pack> FindPack(std::string_view id, absl::Span<const rules::Pack> packs) {
  const auto given = std::find_if(packs.begin(), packs.end(),
                                  [&](const rules::Pack& pack) { return pack.id == id; });
  if (given != packs.end()) return *given;
  return rules::FindPack(id);
}

// The rules of the packs named.
core::Law ReadRules(const Node& node, absl::Span<const rules::Pack> packs, Errors& errors) {
  core::Law law;
  const std::vector<Node>* list = ReadList(node, "rule packs", errors);
  if (list == nullptr) return law;
  absl::flat_hash_map<std::string, int> lines;
  for (const Node& item : *list) {
    const std::optional<std::string> id = ReadText(item, "the id of a rule pack", errors);
    if (!id.has_value()) continue;
    const absl::StatusOr<rules::Pack> pack = FindPack(*id, packs);
    if (!pack.ok()) {
      errors.Add(item.line, std::string(pack.status().message()));
      continue;
    }
    if (!lines.try_emplace(item.text, item.line).second) {
      errors.Add(item.line,
                 absl::StrCat("expected each rule pack once, found ", Describe(item), " again"));
    }
    for (const rules::PackRule& rule : pack->rules) law.rules.push_back(rule.rule);
  }
  if (law.rules.size() > core::kRulesMax) {
    errors.Add(node.line, absl::StrCat("expected at most ", core::kRulesMax,
                                       " rules in all packs, found ", law.rules.size()));
  }
  return law;
}

std::vector<Company> ReadCompanies(const Node& node, Errors& errors) {
  std::vector<Company> companies;
  const std::vector<Node>* list = ReadList(node, "companies", errors);
  if (list == nullptr) return companies;
  for (const Node& item : *list) {
    Company& company = companies.emplace_back();
    Fields fields(item, "a company", errors);
    if (const Node* id = fields.Required("id")) {
      company.id = ReadCompany(*id, errors).value_or("");
    }
    if (const Node* group = fields.Optional("group")) {
      company.group = ReadId(*group, "a group", errors).value_or("");
    }
    if (const Node* sectors = fields.Optional("sectors")) {
      company.sectors = ReadPurposes(*sectors, errors).value_or(core::PurposeSet{});
    }
    fields.Close();
  }
  return companies;
}

// The names of the people who share a line.
std::vector<std::string> ReadKeys(const Node& node, Errors& errors) {
  std::vector<std::string> keys;
  const std::vector<Node>* list = ReadList(node, "keys", errors);
  if (list == nullptr) return keys;
  for (const Node& item : *list) {
    const std::optional<std::string> name = ReadId(item, "a key's name", errors);
    if (!name.has_value()) continue;
    if (std::find(keys.begin(), keys.end(), *name) != keys.end()) {
      errors.Add(item.line, absl::StrCat("expected each key once, found ", Describe(item)));
    }
    keys.push_back(*name);
  }
  if (keys.size() > core::kLineKeysMax) {
    errors.Add(node.line,
               absl::StrCat("expected at most ", core::kLineKeysMax, " keys, found ", keys.size()));
  }
  return keys;
}

Consumer ReadConsumer(const Node& node, Errors& errors) {
  Consumer consumer;
  Fields fields(node, "a consumer", errors);
  if (const Node* id = fields.Required("id")) {
    consumer.id = ReadId(*id, "a consumer's id", errors).value_or("");
  }
  if (const Node* point = fields.Required("contact_point")) {
    const std::optional<std::string> text = ReadText(*point, "a contact point", errors);
    if (text.has_value()) {
      const auto parsed = contact::ContactPoint::Parse(*text);
      if (parsed.ok()) {
        consumer.place = {contact::ZonesOf(*parsed), contact::RegionsOf(*parsed)};
      } else {
        // The parser's message never repeats the contact point.
        errors.Add(point->line,
                   absl::StrCat("expected a contact point, found a text that is none (",
                                std::string(parsed.status().message()), ")"));
      }
    }
  }
  if (const Node* zone = fields.Optional("time_zone")) {
    const std::optional<std::string> name = ReadText(*zone, "the name of a time zone", errors);
    if (name.has_value() && !LoadZone(*name).has_value()) {
      errors.Add(zone->line, absl::StrCat("expected the IANA name of a time zone, as "
                                          "Europe/Paris, found ",
                                          Describe(*zone)));
    } else if (name.has_value()) {
      consumer.place.zones = {*name};
    }
  }
  consumer.zones = core::LoadZones(consumer.place);
  if (const Node* keys = fields.Optional("keys")) consumer.keys = ReadKeys(*keys, errors);
  fields.Close();
  return consumer;
}

std::vector<Consumer> ReadConsumers(const Node& node, Errors& errors) {
  std::vector<Consumer> consumers;
  const std::vector<Node>* list = ReadList(node, "consumers", errors);
  if (list == nullptr) return consumers;
  absl::flat_hash_map<std::string, int> lines;
  for (const Node& item : *list) {
    Consumer consumer = ReadConsumer(item, errors);
    if (!consumer.id.empty()) {
      const auto [it, added] = lines.try_emplace(consumer.id, item.line);
      if (!added) {
        errors.Add(item.line,
                   absl::StrCat("expected consumers with different ids, found ",
                                Describe(consumer.id), " again (first in line ", it->second, ")"));
      }
    }
    consumers.push_back(std::move(consumer));
  }
  return consumers;
}

}  // namespace

ScenarioFile ParseScenario(std::string_view text, absl::Span<const rules::Pack> packs) {
  ScenarioFile file;
  Errors errors;
  if (const std::optional<Node> root = ParseDocument(text, errors); root.has_value()) {
    Fields fields(*root, "a scenario", errors);
    const Node* rules = fields.Optional("rules");
    const Node* companies = fields.Optional("companies");
    // Consumers first, wherever they stand, because steps name them.
    const Node* consumers = fields.Required("consumers");
    const Node* steps = fields.Required("steps");
    fields.Close();
    if (rules != nullptr) file.scenario.law = ReadRules(*rules, packs, errors);
    if (companies != nullptr) file.scenario.companies = ReadCompanies(*companies, errors);
    if (consumers != nullptr) file.scenario.consumers = ReadConsumers(*consumers, errors);
    if (const auto* list = steps == nullptr ? nullptr : ReadList(*steps, "steps", errors)) {
      StepReader reader(file.scenario.consumers, errors);
      for (const Node& step : *list) file.scenario.steps.push_back(reader.Read(step));
    }
  }
  file.errors = errors.InOrder();
  file.more_errors = errors.more();
  return file;
}

}  // namespace consent::simulate
