// SPDX-License-Identifier: Apache-2.0
//
// What random scenarios are made of, each piece leaning towards what is awkward.

#ifndef CONSENT_MODEL_PIECES_H_
#define CONSENT_MODEL_PIECES_H_

#include <vector>

#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/consent/vocabulary.h"
#include "tests/model/dice.h"

namespace consent::model {

inline constexpr int64_t kMinute = 60;
inline constexpr int64_t kHour = 60 * kMinute;
inline constexpr int64_t kDay = 24 * kHour;

// A moment near which civil time is interesting: a change of offset, 29 February, the end or the
// beginning of a month or year.
Instant Anchor(Dice& dice, const absl::TimeZone& zone);

// A moment from which `span` leads to a local time that does not exist at `change`, exists twice,
// or lies a second beside those.
Instant BeforeChange(Dice& dice, Instant change, const core::Window& span,
                     const absl::TimeZone& zone);

// Whether the clock goes back at `change` to the day before.
bool AcrossMidnight(Instant change, const absl::TimeZone& zone);

// Mostly all of `among`, at least one.
core::ChannelSet AnyChannels(Dice& dice, const std::vector<core::Channel>& among);

core::Window AnyWindow(Dice& dice);
// Without an id.
core::Limit AnyLimit(Dice& dice, const std::vector<core::Channel>& among);
// One to four spans, with ends near midnight and where clocks change.
std::vector<core::Span> AnyHours(Dice& dice);

core::Outcome AnyOutcome(Dice& dice);

}  // namespace consent::model

#endif  // CONSENT_MODEL_PIECES_H_
