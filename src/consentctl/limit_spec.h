// SPDX-License-Identifier: Apache-2.0
//
// Limit specs: one limit of a grant in one word.
//
//   [ID:]CHANNELS:MAX/[N]PERIOD[:ALIGNMENT][:attempts=N]
//
//   calls:CALL:1/YEAR                              one call a calendar year
//   CALL+SMS+EMAIL:5/3MONTH:ROLLING                five contacts in any three months
//   once:CALL:1/LIFETIME:attempts=3                one call ever, reached within three attempts
//
// CHANNELS are joined by '+'; '*' is all of them. PERIOD is DAY, WEEK, MONTH, YEAR or LIFETIME, N
// periods long (default 1). ALIGNMENT is CALENDAR (the default), ROLLING or GRANT; LIFETIME takes
// none. Without an ID the channels in small letters are the id. Words may be in small letters.

#ifndef CONSENT_CONSENTCTL_LIMIT_SPEC_H_
#define CONSENT_CONSENTCTL_LIMIT_SPEC_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"

namespace consent::ctl {

inline constexpr size_t kLimitSpecBytesMax = 512;

// BadInput says which part is wrong and what was expected there. A limit that is returned is
// within the ranges of the wire contract.
absl::StatusOr<v1::Limit> ParseLimitSpec(std::string_view spec);

// Several; default ids that fall together get "-2", "-3" behind them. BadInput also for an id that
// is given twice.
absl::StatusOr<std::vector<v1::Limit>> ParseLimitSpecs(const std::vector<std::string>& specs);

// The spec of a limit: parses back to it. For tables.
std::string ToLimitSpec(const v1::Limit& limit);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_LIMIT_SPEC_H_
