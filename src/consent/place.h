// SPDX-License-Identifier: Apache-2.0
//
// Place: where a consumer may be, as far as their contact point or their own word tells.

#ifndef CONSENT_CONSENT_PLACE_H_
#define CONSENT_CONSENT_PLACE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace consent::core {

struct Place {
  // IANA names of the zones the consumer may live in: every one of them must allow a contact.
  // Empty: unknown.
  std::vector<std::string> zones;
  // ISO 3166-1 and -2 codes of the regions whose law may protect the consumer ("FR", "US",
  // "US-FL"). Empty: unknown, and every law in force does.
  std::vector<std::string> regions;

  friend bool operator==(const Place&, const Place&) = default;
  template <class A>
  void Fields(A& a) {
    a(zones), a(regions);
  }
};

// The zones by their names; none where one of them is not known to this machine, for then nobody
// can tell what its clock shows.
std::vector<absl::TimeZone> LoadZones(const Place& place);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_PLACE_H_
