// SPDX-License-Identifier: Apache-2.0
//
// Faults: errors that a program can tell apart. An absl::Status carries the name of a
// consent.v1.ErrorReason (without its prefix) from where the fault is found to where it is
// answered.

#ifndef CONSENT_BASE_FAULT_H_
#define CONSENT_BASE_FAULT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace consent {

// A status with a reason such as "BAD_SIGNATURE". The message says what was expected, what was
// found and what to do, without personal data.
absl::Status Fault(absl::StatusCode code, std::string_view reason, std::string_view message);

// The same status with this reason, unless it has one already. OK stays OK.
absl::Status WithReason(absl::Status status, std::string_view reason);

// The reason of a status; "" when it has none.
std::string ReasonOf(const absl::Status& status);

// An INVALID_FIELD fault that names the field, such as "limits[2].max".
absl::Status InvalidField(std::string_view field, std::string_view message);

// The field that an InvalidField fault names; "" for other statuses.
std::string FieldOf(const absl::Status& status);

}  // namespace consent

#endif  // CONSENT_BASE_FAULT_H_
