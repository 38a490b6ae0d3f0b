// SPDX-License-Identifier: Apache-2.0

#include "src/journal/key_checks.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace consent::journal {

absl::StatusOr<KeyChecks> ParseKeyChecks(std::string_view fact) {
  KeyChecks checks;
  for (const absl::string_view word :
       absl::StrSplit(absl::string_view(fact.data(), fact.size()), ' ')) {
    const std::vector<std::string> parts = absl::StrSplit(word, absl::MaxSplits(':', 1));
    uint32_t number = 0;
    if (!absl::SimpleAtoi(parts[0], &number)) {
      return absl::DataLossError("a fact of the store's about keys is malformed");
    }
    checks[number] = parts.size() == 2 ? parts[1] : "";
  }
  return checks;
}

std::string TextOf(const KeyChecks& checks) {
  std::string fact;
  for (const auto& [number, check] : checks) {
    absl::StrAppend(&fact, fact.empty() ? "" : " ", number, check.empty() ? "" : ":", check);
  }
  return fact;
}

}  // namespace consent::journal
