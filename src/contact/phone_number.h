// SPDX-License-Identifier: Apache-2.0
//
// Phone numbers to E.164: "+", the calling code, the national number; digits only.
//
// Accepted is what is possible by its length in its country, not what is assigned: numbers reserved
// for fiction and ranges opened tomorrow have owners who object too. The result is always its own
// canonical form: normalising it again changes nothing, by the table (calling_code.h) or, where
// that does not know, by libphonenumber. The table is frozen; the rest follows the installed
// library's data, and golden numbers in the tests say when those move.
//
// Errors are InvalidArgument and never quote the input. Threads: safe from any thread.

#ifndef CONSENT_CONTACT_PHONE_NUMBER_H_
#define CONSENT_CONTACT_PHONE_NUMBER_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::contact {

// The E.164 form of a number in international form: "+", digits, and between them any of
// space, dot, dash and parentheses.
absl::StatusOr<std::string> NormalisePhone(std::string_view text);

// The same without asking the table: for tests and benchmarks.
absl::StatusOr<std::string> NormalisePhoneByLibrary(std::string_view text);

// The E.164 form of a number as dialled within the region (ISO 3166-1, "FR").
absl::StatusOr<std::string> NormaliseNationalPhone(std::string_view text, std::string_view region);

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_PHONE_NUMBER_H_
