// SPDX-License-Identifier: Apache-2.0

#include "src/rules/exemption_reader.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "src/rules/pack.h"
#include "src/text/value_reader.h"
#include "src/text/window_reader.h"

namespace consent::rules {
namespace {

using text::Errors;
using text::Fields;
using text::Node;

core::RelationTerm ReadRelationTerm(const Node& node, Errors& errors) {
  core::RelationTerm term;
  Fields fields(node, "a relation", errors);
  const Node* relation = fields.Required("relation");
  const Node* lasts = fields.Optional("lasts");
  fields.Close();
  if (relation == nullptr) return term;
  const std::optional<core::Relation> read = ReadRelation(*relation, errors);
  if (!read.has_value()) return term;
  term.relation = *read;
  if (lasts != nullptr) term.lasts = ReadLength(*lasts, errors);
  if (*read == core::Relation::kContract && lasts != nullptr) {
    errors.Add(lasts->line, "expected no `lasts` beside CONTRACT, which lasts as long as it runs");
  } else if (*read != core::Relation::kContract && lasts == nullptr) {
    errors.Add(fields.line(), absl::StrCat("expected `lasts` beside ",
                                           std::string(core::Name(*read)), ", found none"));
  }
  return term;
}

std::vector<core::RelationTerm> ReadRelations(const Node& node, Errors& errors) {
  std::vector<core::RelationTerm> relations;
  const std::vector<Node>* list = ReadList(node, "relations", errors);
  if (list == nullptr) return relations;
  if (list->empty() || list->size() > kRelationsMax) {
    errors.Add(node.line,
               absl::StrCat("expected 1 to ", kRelationsMax, " relations, found ", list->size()));
    return relations;
  }
  for (const Node& item : *list) relations.push_back(ReadRelationTerm(item, errors));
  return relations;
}

// Which contracts `relations` names, where the basis is a relation at all.
void CheckRelations(core::Basis basis, const Node& basis_node, bool has_relations, Errors& errors) {
  const bool by_relation = basis == core::Basis::kContract ||
                           basis == core::Basis::kSimilarProducts || basis == core::Basis::kService;
  if (by_relation == has_relations) return;
  const std::string name(core::Name(basis));
  errors.Add(basis_node.line,
             by_relation ? absl::StrCat("expected `relations` beside ", name, ", found none")
                         : absl::StrCat("expected no `relations` beside ", name, ", found some"));
}

}  // namespace

core::Exemption ReadExemption(const Node& node, std::vector<Lifted>& lifted, Errors& errors) {
  core::Exemption exemption;
  Fields fields(node, "an exemption", errors);
  const Node* basis_node = fields.Required("basis");
  const Node* lifts = fields.Required("lifts");
  const Node* relations = fields.Optional("relations");
  const Node* attempts = fields.Optional("max_attempts");
  fields.Close();
  if (lifts != nullptr) {
    if (const auto* list = ReadList(*lifts, "ids of consent rules", errors)) {
      for (const Node& item : *list) {
        const std::optional<std::string> id = ReadId(item, "a rule's id", errors);
        if (!id.has_value()) continue;
        exemption.lifts.push_back(*id);
        lifted.push_back({*id, item.line});
      }
    }
  }
  if (basis_node == nullptr) return exemption;
  const std::optional<core::Basis> basis = ReadBasis(*basis_node, errors);
  if (!basis.has_value()) return exemption;
  exemption.basis = *basis;
  if (*basis == core::Basis::kConsent) {
    errors.Add(basis_node->line, "expected a basis other than consent itself, found \"CONSENT\"");
    return exemption;
  }
  if (relations != nullptr) exemption.relations = ReadRelations(*relations, errors);
  CheckRelations(*basis, *basis_node, relations != nullptr, errors);
  if (attempts == nullptr) return exemption;
  if (*basis != core::Basis::kCallback) {
    errors.Add(attempts->line,
               absl::StrCat("expected `max_attempts` beside CALLBACK alone, found it beside ",
                            std::string(core::Name(*basis))));
    return exemption;
  }
  exemption.max_attempts =
      ReadNumber(*attempts, "max_attempts", {.min = 1, .max = core::kMaxMax}, errors).value_or(0);
  return exemption;
}

}  // namespace consent::rules
