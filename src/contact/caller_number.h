// SPDX-License-Identifier: Apache-2.0
//
// The number that a called party sees.

#ifndef CONSENT_CONTACT_CALLER_NUMBER_H_
#define CONSENT_CONTACT_CALLER_NUMBER_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::contact {

// The number as E.164: "+33199001234". Takes what ContactPoint::Parse takes for a phone number.
// InvalidArgument says what was expected and never quotes the text.
absl::StatusOr<std::string> ParseCallerNumber(std::string_view text);

// What the receiver of a text sees: a phone number as above, a short code of 3 to 8 digits, or a
// name of 1 to 11 letters, digits and blanks that holds a letter.
absl::StatusOr<std::string> ParseSender(std::string_view text);

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_CALLER_NUMBER_H_
