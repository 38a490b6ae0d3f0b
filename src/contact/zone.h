// SPDX-License-Identifier: Apache-2.0
//
// ZoneOf, ZonesOf: the time zone a phone number gives away, or the few in which it may lie.
//
// Hours and windows are judged by the clock on the consumer's wall. Where a number's range belongs
// to regions that all show one time, that clock is known without asking. Where the zones that it
// may lie in are few and certain (Spain, a range shared by Reunion and Mayotte), each of them can
// be asked. Everywhere else (the United States, Australia) the consumer must state a zone; guessing
// would call people at night.
//
// The table (zone_table.inc, made by zone_table.py) is frozen: which zone a number falls in is part
// of decisions already taken, and changes only with a change to this tree.
//
// Threads: safe from any thread. Cost: about 0.1 us. Nothing fails.

#ifndef CONSENT_CONTACT_ZONE_H_
#define CONSENT_CONTACT_ZONE_H_

#include <optional>
#include <string>
#include <vector>

#include "src/contact/contact_point.h"

namespace consent::contact {

// The IANA name of the zone of a phone number; nullopt where the number does not tell, and for
// every other kind of contact point.
std::optional<std::string> ZoneOf(const ContactPoint& point);

// The IANA names of all zones that a phone number may lie in; empty where ZoneOf gives none and
// they are not few. ZoneOf's zone, where there is one, comes first. Others beside it show the same
// time, but are other regions with other holidays.
std::vector<std::string> ZonesOf(const ContactPoint& point);

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_ZONE_H_
