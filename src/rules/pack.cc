// SPDX-License-Identifier: Apache-2.0

#include "src/rules/pack.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/hash.h"
#include "src/rules/rule_reader.h"
#include "src/text/value_reader.h"
#include "src/text/zone_name.h"

namespace consent::rules {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::Node;

std::string ReadPackId(const Node& node, Errors& errors) {
  const std::string& id = node.text;
  const bool shaped = std::all_of(id.begin(), id.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '_';
  });
  if (node.kind == Node::Kind::kText && shaped && !id.empty() && id.size() <= kPackIdBytesMax) {
    return id;
  }
  errors.Add(node.line, absl::StrCat("expected a pack's id of 1 to ", kPackIdBytesMax,
                                     " small letters and digits, found ", Describe(node)));
  return "";
}

absl::TimeZone ReadZone(const Node& node, Errors& errors) {
  std::optional<absl::TimeZone> zone;
  if (node.kind == Node::Kind::kText) zone = text::LoadZone(node.text);
  if (!zone.has_value()) {
    errors.Add(node.line, absl::StrCat("expected the IANA name of a time zone, as Europe/Paris, "
                                       "found ",
                                       Describe(node)));
  }
  return zone.value_or(absl::UTCTimeZone());
}

void ReadRules(const Node& node, Pack& pack, Errors& errors) {
  const std::vector<Node>* list = ReadList(node, "rules", errors);
  if (list == nullptr) return;
  if (list->empty() || list->size() > core::kRulesMax) {
    errors.Add(node.line,
               absl::StrCat("expected 1 to ", core::kRulesMax, " rules, found ", list->size()));
    return;
  }
  std::vector<Lifted> lifted;
  absl::flat_hash_map<std::string, int> lines;
  for (const Node& item : *list) {
    PackRule rule = ReadRule(item, pack, lifted, errors);
    if (!rule.rule.id.empty()) {
      const auto [it, added] = lines.try_emplace(rule.rule.id, item.line);
      if (!added) {
        errors.Add(item.line,
                   absl::StrCat("expected rules with different ids, found ", Describe(rule.rule.id),
                                " again (first in line ", it->second, ")"));
      }
    }
    pack.rules.push_back(std::move(rule));
  }
  for (const Lifted& lift : lifted) {
    const bool known = std::any_of(pack.rules.begin(), pack.rules.end(), [&](const PackRule& rule) {
      return rule.rule.id == lift.id && std::holds_alternative<core::ConsentRule>(rule.rule.body);
    });
    if (!known) {
      errors.Add(lift.line, absl::StrCat("expected the id of a consent rule of this pack, found ",
                                         Describe(lift.id)));
    }
  }
}

void ReadPack(const Node& root, Pack& pack, Errors& errors) {
  Fields fields(root, "a rule pack", errors);
  // The head first, wherever it stands, because rules refer to it.
  const Node* id = fields.Required("id");
  const Node* version = fields.Required("version");
  const Node* title = fields.Required("title");
  const Node* zone = fields.Required("time_zone");
  const Node* regions = fields.Required("regions");
  const Node* rules = fields.Required("rules");
  fields.Close();
  if (id != nullptr) pack.id = ReadPackId(*id, errors);
  if (version != nullptr) pack.version = ReadDay(*version, errors).value_or(absl::CivilDay());
  if (title != nullptr) pack.title = ReadSentence(*title, "a title", errors).value_or("");
  if (zone != nullptr) pack.time_zone = ReadZone(*zone, errors);
  if (regions != nullptr) pack.regions = ReadRegions(*regions, errors);
  // Without these, every rule would have faults that are none.
  if (pack.id.empty() || pack.regions.empty() || rules == nullptr) return;
  ReadRules(*rules, pack, errors);
}

}  // namespace

PackFile ParsePack(std::string_view text) {
  PackFile file;
  Errors errors;
  if (const std::optional<Node> root = text::ParseDocument(text, errors); root.has_value()) {
    ReadPack(*root, file.pack, errors);
  }
  file.pack.sha256 = crypto::Sha256({text});
  file.errors = errors.InOrder();
  file.more_errors = errors.more();
  return file;
}

absl::StatusOr<core::Law> Join(absl::Span<const Pack> packs) {
  core::Law law;
  absl::flat_hash_set<std::string_view> ids;
  for (const Pack& pack : packs) {
    if (!ids.insert(pack.id).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("expected each rule pack once, found ", pack.id, " again"));
    }
    for (const PackRule& rule : pack.rules) law.rules.push_back(rule.rule);
  }
  if (law.rules.size() > core::kRulesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "expected at most ", core::kRulesMax, " rules in all packs, found ", law.rules.size()));
  }
  return law;
}

}  // namespace consent::rules
