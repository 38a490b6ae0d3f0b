// SPDX-License-Identifier: Apache-2.0

#include "src/consent/place.h"

namespace consent::core {

std::vector<absl::TimeZone> LoadZones(const Place& place) {
  std::vector<absl::TimeZone> zones;
  for (const std::string& name : place.zones) {
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(name, &zone)) return {};
    zones.push_back(zone);
  }
  return zones;
}

}  // namespace consent::core
