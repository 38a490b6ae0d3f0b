// SPDX-License-Identifier: Apache-2.0
//
// Holidays: days of the year, and days counted from Easter. Private to the core.

#ifndef CONSENT_CONSENT_HOLIDAY_H_
#define CONSENT_CONSENT_HOLIDAY_H_

#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "src/consent/law.h"

namespace consent::core {

// Easter Sunday of a year of the Gregorian calendar (1583 on): the Meeus/Jones/Butcher algorithm.
absl::CivilDay EasterSunday(absl::civil_year_t year);

// Whether `day` is one of `holidays` in the zone of this IANA name.
bool IsHoliday(const std::vector<Holiday>& holidays, absl::CivilDay day, std::string_view zone);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_HOLIDAY_H_
