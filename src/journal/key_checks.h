// SPDX-License-Identifier: Apache-2.0
//
// Key checks: the numbered keys of one kind that a store knows, without the keys: of each a value
// that follows from it and does not reveal it. A store keeps them as the text of a fact.
//
//   "1:CHECK 2:CHECK"      "0 3:CHECK" where one needs no check

#ifndef CONSENT_JOURNAL_KEY_CHECKS_H_
#define CONSENT_JOURNAL_KEY_CHECKS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::journal {

using KeyChecks = std::map<uint32_t, std::string>;  // By number; empty: none is needed.

// DataLoss for any other text.
absl::StatusOr<KeyChecks> ParseKeyChecks(std::string_view fact);
std::string TextOf(const KeyChecks& checks);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_KEY_CHECKS_H_
