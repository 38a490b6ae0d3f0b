// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/place_of.h"

#include "src/contact/region.h"
#include "src/contact/zone.h"

namespace consent::ledger {

core::Place PlaceOf(const contact::ContactPoint& point) {
  return {.zones = contact::ZonesOf(point), .regions = contact::RegionsOf(point)};
}

}  // namespace consent::ledger
