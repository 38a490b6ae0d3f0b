// SPDX-License-Identifier: Apache-2.0
//
// Texts in statements: names of parties, ids, hashes, words for people.
//
// Each check is OK or an INVALID_FIELD fault that names `field`, says what was expected and how
// long the text found is, and never quotes it: texts come from outside and may hold anything.

#ifndef CONSENT_STATEMENT_TEXT_H_
#define CONSENT_STATEMENT_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace consent::statement {

// A party of the directory: 1 to 64 of a-z 0-9 . _ -
absl::Status CheckPartyId(std::string_view text, const std::string& field);

// 1 to 64 printable ASCII characters.
absl::Status CheckId(std::string_view text, const std::string& field);

// 1 to `max` characters of valid UTF-8 without control characters.
absl::Status CheckWords(std::string_view text, int max, const std::string& field);

// Exactly `size` bytes.
absl::Status CheckBytes(std::string_view bytes, size_t size, const std::string& field);

// A name that the time-zone database knows: "Europe/Paris", "UTC". Refused: paths, "localtime",
// fixed offsets, and the database's own folders ("right/" counts leap seconds).
absl::Status CheckZone(std::string_view name, const std::string& field);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_TEXT_H_
