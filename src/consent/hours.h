// SPDX-License-Identifier: Apache-2.0
//
// Hours: which moments the clock on the consumer's wall shows within some spans of the week.
// Private to the core.
//
// An hour that the clock shows twice is within both times; one that it skips is never. No spans at
// all is any time.

#ifndef CONSENT_CONSENT_HOURS_H_
#define CONSENT_CONSENT_HOURS_H_

#include <vector>

#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"

namespace consent::core {

// Whether the clock shows a time within `hours` at `t`.
bool WithinHours(const std::vector<Span>& hours, Instant t, const absl::TimeZone& zone);

// A moment after `t` up to which (exclusive) the answer of WithinHours stays what it is at `t`: the
// next edge of a span, the next midnight or the next change of the clocks. At most about a day on.
Instant HoursStayUntil(const std::vector<Span>& hours, Instant t, const absl::TimeZone& zone);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_HOURS_H_
