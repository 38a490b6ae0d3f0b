// SPDX-License-Identifier: Apache-2.0
//
// RegionsOf: the regions a phone number may belong to, whose law may protect the person behind it.
//
// A calling code belongs to a region (+33: FR) or to a few that share it (+44: GB, GG, IM, JE). In
// the North American plan an area code tells the region; what no region owns there, as +1 800, may
// belong to any of them. States whose own law differs are told by their area codes: a number of
// Florida has both US and US-FL. Whoever took a number along when they moved is still judged by the
// number; a person may be protected by more than one law, never by none for that.
//
// The table (region_table.inc, made by region_table.py) is frozen: which law bound a contact is
// part of decisions already taken, and changes only with a change to this tree.
//
// Threads: safe from any thread. Cost: about 0.2 us. Nothing fails.

#ifndef CONSENT_CONTACT_REGION_H_
#define CONSENT_CONTACT_REGION_H_

#include <string>
#include <vector>

#include "src/contact/contact_point.h"

namespace consent::contact {

// ISO 3166-1 codes, and 3166-2 codes of the states named above: the most likely region first.
// Empty where nothing is known: calling codes of no region, and every other kind of contact point.
std::vector<std::string> RegionsOf(const ContactPoint& point);

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_REGION_H_
