// SPDX-License-Identifier: Apache-2.0

#include "src/rules/embedded.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace consent::rules {
absl::StatusOr<Pack> FindPack(std::string_view id) {
  std::string known;
  for (const EmbeddedPack& pack : EmbeddedPacks()) {
    if (pack.id == id) {
      PackFile file = ParsePack(pack.text);
      if (file.errors.empty()) return std::move(file.pack);
      return absl::InternalError(absl::StrCat("rule pack ", std::string(id), ", line ",
                                              file.errors[0].line, ": ", file.errors[0].message));
    }
    absl::StrAppend(&known, known.empty() ? "" : ", ", std::string(pack.id));
  }
  return absl::NotFoundError(
      absl::StrCat("expected one of the rule packs ", known, ", found ", text::Describe(id)));
}

}  // namespace consent::rules
