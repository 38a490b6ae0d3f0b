// SPDX-License-Identifier: Apache-2.0
//
// Calendar: the moments at which a day, a month, a year or an offset changes.

#ifndef CONSENT_SIMULATION_CALENDAR_H_
#define CONSENT_SIMULATION_CALENDAR_H_

#include <cstdint>

#include "tests/model/dice.h"

namespace consent::simulation {

// When a run begins, in Unix milliseconds: often shortly before something changes.
int64_t Beginning(model::Dice& dice);

// A moment after `now_ms`, within two seconds of the next change of some kind, in some zone.
int64_t NextEdge(model::Dice& dice, int64_t now_ms);

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_CALENDAR_H_
