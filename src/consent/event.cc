// SPDX-License-Identifier: Apache-2.0

#include "src/consent/event.h"

#include <array>
#include <cstddef>

namespace consent::core {

std::string_view Name(Kind kind) {
  constexpr std::array<std::string_view, static_cast<size_t>(Kind::kHolderChanged) + 1> kNames = {
      "",          "BOUND",
      "GRANTED",   "REVOKED",
      "BLOCKED",   "UNBLOCKED",
      "DECIDED",   "CONFIRMED",
      "RELEASED",  "OUTCOME_REPORTED",
      "ERASED",    "RECOVERED",
      "PREFERRED", "CONTRACT_CLAIMED",
      "CONTESTED", "CALLBACK_ASKED",
      "LISTED",    "HOLDER_CHANGED"};
  const auto number = static_cast<size_t>(kind);
  return number < kNames.size() ? kNames[number] : std::string_view();
}

}  // namespace consent::core
