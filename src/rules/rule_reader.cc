// SPDX-License-Identifier: Apache-2.0

#include "src/rules/rule_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/instant.h"
#include "src/rules/body_reader.h"
#include "src/text/value_reader.h"

namespace consent::rules {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::Node;

bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }

// "FR", "US-FL", "GB-1": ISO 3166-1 alpha-2, and 3166-2.
bool IsRegion(std::string_view text) {
  if (text.size() < 2 || !IsUpper(text[0]) || !IsUpper(text[1])) return false;
  if (text.size() == 2) return true;
  const std::string_view part = text.substr(3);
  return text[2] == '-' && !part.empty() && part.size() <= 3 &&
         std::all_of(part.begin(), part.end(), [](char c) {
           return IsUpper(c) || absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

// A rule's id: the pack's, a dot, and words of small letters and digits between dots and lines.
std::string ReadRuleId(const Node& node, const Pack& pack, Errors& errors) {
  const std::string prefix = absl::StrCat(pack.id, ".");
  const std::string& id = node.text;
  const bool shaped = std::all_of(id.begin(), id.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '.' || c == '_';
  });
  if (node.kind == Node::Kind::kText && shaped && absl::StartsWith(id, prefix) &&
      id.size() > prefix.size() && id.size() <= core::kIdBytesMax) {
    return id;
  }
  errors.Add(node.line, absl::StrCat("expected a rule's id as ", prefix,
                                     "hours (small letters, "
                                     "digits, '.', '_'; at most ",
                                     core::kIdBytesMax, "), found ", Describe(node)));
  return "";
}

// The moment at which a day begins in the pack's zone.
std::optional<Instant> ReadDate(const Node& node, const Pack& pack, Errors& errors) {
  const std::optional<absl::CivilDay> day = ReadDay(node, errors);
  if (!day.has_value()) return std::nullopt;
  return FromAbslTime(absl::FromCivil(*day, pack.time_zone));
}

void ReadDates(Fields& fields, const Pack& pack, core::Scope& scope, Errors& errors) {
  const Node* from_node = fields.Optional("from");
  const Node* until_node = fields.Optional("until");
  std::optional<Instant> from;
  std::optional<Instant> until;
  if (from_node != nullptr) from = ReadDate(*from_node, pack, errors);
  if (until_node != nullptr) until = ReadDate(*until_node, pack, errors);
  scope.from = from.value_or(core::kEarliest);
  scope.until = until.value_or(kNever);
  if (scope.until <= scope.from) {
    errors.Add(until_node != nullptr ? until_node->line : fields.line(),
               "expected `until`, the first day without the rule, after `from`");
  }
}

// The regions of a rule lie within those of its pack.
void ReadRuleRegions(Fields& fields, const Pack& pack, core::Scope& scope, Errors& errors) {
  scope.regions = pack.regions;
  const Node* node = fields.Optional("regions");
  if (node == nullptr) return;
  scope.regions = ReadRegions(*node, errors);
  for (const std::string& region : scope.regions) {
    const bool within =
        std::any_of(pack.regions.begin(), pack.regions.end(), [&](const std::string& whole) {
          return region == whole || absl::StartsWith(region, absl::StrCat(whole, "-"));
        });
    if (!within) {
      errors.Add(node->line,
                 absl::StrCat("expected regions of the pack, found ", Describe(region)));
    }
  }
}

core::Scope ReadScope(Fields& fields, const Pack& pack, bool knows_basis, Errors& errors) {
  core::Scope scope;
  if (const Node* channels = fields.Optional("channels")) {
    scope.channels = ReadChannels(*channels, errors).value_or(scope.channels);
  }
  if (const Node* purposes = fields.Optional("purposes")) {
    scope.purposes = ReadPurposes(*purposes, errors).value_or(scope.purposes);
  }
  if (const Node* matters = fields.Optional("matters")) {
    scope.matters = ReadMatters(*matters, errors).value_or(scope.matters);
  }
  if (const Node* bases = fields.Optional("bases")) {
    scope.bases = ReadBases(*bases, errors).value_or(scope.bases);
    if (!knows_basis) {
      errors.Add(bases->line,
                 "expected `bases` beside hours, attempts, silence, prohibition or caller alone: "
                 "what else a rule says is judged before the basis is known");
    }
  }
  ReadRuleRegions(fields, pack, scope, errors);
  ReadDates(fields, pack, scope, errors);
  return scope;
}

}  // namespace

std::optional<std::string> ReadSentence(const Node& node, std::string_view what, Errors& errors) {
  const bool shown = std::none_of(node.text.begin(), node.text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (node.kind == Node::Kind::kText && shown && !node.text.empty() &&
      node.text.size() <= kSentenceBytesMax) {
    return node.text;
  }
  errors.Add(node.line, absl::StrCat("expected ", std::string(what), " of 1 to ", kSentenceBytesMax,
                                     " bytes in one line, found ", Describe(node)));
  return std::nullopt;
}

std::vector<std::string> ReadRegions(const Node& node, Errors& errors) {
  std::vector<std::string> regions;
  const std::vector<Node>* list = ReadList(node, "regions", errors);
  if (list == nullptr) return regions;
  if (list->empty() || list->size() > kRegionsMax) {
    errors.Add(node.line,
               absl::StrCat("expected 1 to ", kRegionsMax, " regions, found ", list->size()));
    return regions;
  }
  for (const Node& item : *list) {
    if (item.kind != Node::Kind::kText || !IsRegion(item.text)) {
      errors.Add(item.line, absl::StrCat("expected a region as FR or US-FL (ISO 3166), found ",
                                         Describe(item)));
    } else if (std::find(regions.begin(), regions.end(), item.text) != regions.end()) {
      errors.Add(item.line,
                 absl::StrCat("expected each region once, found ", Describe(item), " again"));
    } else {
      regions.push_back(item.text);
    }
  }
  return regions;
}

PackRule ReadRule(const Node& node, const Pack& pack, std::vector<Lifted>& lifted, Errors& errors) {
  PackRule rule;
  Fields fields(node, "a rule", errors);
  if (const Node* id = fields.Required("id")) rule.rule.id = ReadRuleId(*id, pack, errors);
  if (const Node* says = fields.Required("says")) {
    rule.says = ReadSentence(*says, "a sentence", errors).value_or("");
  }
  if (const Node* source = fields.Required("source")) {
    rule.source = ReadSentence(*source, "a source", errors).value_or("");
  }
  if (const Node* verified = fields.Optional("verified")) {
    rule.verified = ReadBool(*verified, errors).value_or(true);
  }
  ReadBodyResult body = ReadBody(fields, errors);
  rule.rule.scope = ReadScope(fields, pack, body.knows_basis, errors);
  fields.Close();
  rule.rule.body = std::move(body.body);
  if (auto* attempts = std::get_if<core::AttemptsRule>(&rule.rule.body)) {
    attempts->limit.id = rule.rule.id;
    attempts->limit.channels = rule.rule.scope.channels;
  }
  lifted.insert(lifted.end(), body.lifted.begin(), body.lifted.end());
  return rule;
}

}  // namespace consent::rules
