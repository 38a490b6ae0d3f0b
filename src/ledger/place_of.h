// SPDX-License-Identifier: Apache-2.0

#ifndef CONSENT_LEDGER_PLACE_OF_H_
#define CONSENT_LEDGER_PLACE_OF_H_

#include "src/consent/place.h"
#include "src/contact/contact_point.h"

namespace consent::ledger {

// Where the person behind a contact point may be, as far as it tells: what a consumer's record
// begins with.
core::Place PlaceOf(const contact::ContactPoint& point);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_PLACE_OF_H_
