// SPDX-License-Identifier: Apache-2.0
//
// Civil time for the model: what the clock on the consumer's wall shows, and when.
//
// Written from docs/reference/scenario.md alone and shared with nobody: the core has arithmetic of
// its own, and the two are compared. Here everything is found by stepping from day to day or from
// window to window; nothing is clever and nothing is fast.

#ifndef CONSENT_MODEL_CIVIL_H_
#define CONSENT_MODEL_CIVIL_H_

#include <cstdint>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"

namespace consent::model {

// What the clock shows at `t`.
absl::CivilSecond Wall(Instant t, const absl::TimeZone& zone);

// The moment at which the clock shows `wall`. A local time that does not exist, or exists twice, is
// read with the offset before the change.
Instant Moment(absl::CivilSecond wall, const absl::TimeZone& zone);

// Every moment that could be meant by `wall`, the change itself included.
std::vector<Instant> Readings(absl::CivilSecond wall, const absl::TimeZone& zone);

// The last day whose midnight has come at `t`. Where a clock that goes back across midnight shows
// the day before once more, this stays the new day: a day is what lies between two midnights, and
// a midnight that exists twice is its first.
absl::CivilDay DayOf(Instant t, const absl::TimeZone& zone);

// `t` plus `n` periods of `period`: the local date and time move, a day past the month's end
// becomes its last day.
Instant Plus(Instant t, core::Period period, int64_t n, const absl::TimeZone& zone);

// Which block of `count` days, weeks, months or years `day` lies in. Blocks count from 1970-01-01,
// Monday 1970-01-05, January of year 0 and year 0. Two days lie in one CALENDAR window exactly when
// they have the same number.
int64_t BlockOf(absl::CivilDay day, core::Period period, int64_t count);

// Which GRANT window of a grant valid from `valid_from` holds `t`, and when windows start: the
// first at `valid_from` itself, each later one computed from it. `t` is not before `valid_from`.
int64_t AnniversaryOf(Instant t, Instant valid_from, core::Period period, int64_t count,
                      const absl::TimeZone& zone);
Instant AnniversaryStart(int64_t k, Instant valid_from, core::Period period, int64_t count,
                         const absl::TimeZone& zone);

// Every moment from 1985 to 2060 at which the zone's offset changes, found by walking.
const std::vector<Instant>& Transitions(const absl::TimeZone& zone);

}  // namespace consent::model

#endif  // CONSENT_MODEL_CIVIL_H_
