// SPDX-License-Identifier: Apache-2.0

#include "src/access/matrix.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace consent::access {
namespace {

std::string Cell(const Right& right) {
  const std::string fields = absl::StrCat("`", absl::StrJoin(right.fields, "`, `"), "`");
  if (right.scope == Scope::kOwn) return absl::StrCat("own ", fields);
  if (right.scope == Scope::kWithout) return absl::StrCat("without ", fields);
  return std::string(NameOf(right.scope));
}

// A right without bounds makes the others of the same role idle.
std::string Cell(const Row& row, Role role) {
  std::vector<std::string> rights;
  for (const Right& right : row.rights) {
    if (right.role.value_or(role) != role) continue;
    if (right.scope == Scope::kAny) return Cell(right);
    rights.push_back(Cell(right));
  }
  return absl::StrJoin(rights, "; ");
}

}  // namespace

std::string ToMarkdown(const Table& table) {
  std::string page = "| method |";
  std::string rule = "|---|";
  for (const Role role : kRoles) {
    absl::StrAppend(&page, " ", std::string(NameOf(role)), " |");
    rule += "---|";
  }
  absl::StrAppend(&page, "\n", rule, "\n");
  for (const Row& row : table.rows()) {
    absl::StrAppend(&page, "| `", row.method, "` |");
    for (const Role role : kRoles) absl::StrAppend(&page, " ", Cell(row, role), " |");
    page += "\n";
  }
  return page;
}

}  // namespace consent::access
