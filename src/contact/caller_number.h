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

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_CALLER_NUMBER_H_
