// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/scenario_file.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "src/contact/contact_point.h"
#include "src/contact/zone.h"
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

// The release carries no rule packs, so a file may only say that it wants none.
void CheckRules(const Node& node, Errors& errors) {
  const std::vector<Node>* list = ReadList(node, "rule packs", errors);
  if (list == nullptr) return;
  for (const Node& pack : *list) {
    errors.Add(pack.line, absl::StrCat("expected no rule pack (this release knows none), found ",
                                       Describe(pack)));
  }
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
        consumer.zone_name = contact::ZoneOf(*parsed).value_or("");
      } else {
        // The parser's message never repeats the contact point.
        errors.Add(point->line,
                   absl::StrCat("expected a contact point, found a text that is none (",
                                std::string(parsed.status().message()), ")"));
      }
    }
  }
  if (const Node* zone = fields.Optional("time_zone")) {
    consumer.zone_name = ReadText(*zone, "the name of a time zone", errors).value_or("");
    if (!consumer.zone_name.empty() || zone->kind == Node::Kind::kText) {
      consumer.zone = LoadZone(consumer.zone_name);
      if (!consumer.zone.has_value()) {
        errors.Add(zone->line, absl::StrCat("expected the IANA name of a time zone, as "
                                            "Europe/Paris, found ",
                                            Describe(*zone)));
      }
    }
  } else if (!consumer.zone_name.empty()) {
    consumer.zone = LoadZone(consumer.zone_name);
  }
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

ScenarioFile ParseScenario(std::string_view text) {
  ScenarioFile file;
  Errors errors;
  if (const std::optional<Node> root = ParseDocument(text, errors); root.has_value()) {
    Fields fields(*root, "a scenario", errors);
    const Node* rules = fields.Optional("rules");
    // Consumers first, wherever they stand, because steps name them.
    const Node* consumers = fields.Required("consumers");
    const Node* steps = fields.Required("steps");
    fields.Close();
    if (rules != nullptr) CheckRules(*rules, errors);
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
