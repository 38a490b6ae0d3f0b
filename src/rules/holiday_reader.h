// SPDX-License-Identifier: Apache-2.0
//
// Reads the holidays of a rule.

#ifndef CONSENT_RULES_HOLIDAY_READER_H_
#define CONSENT_RULES_HOLIDAY_READER_H_

#include <vector>

#include "src/consent/law.h"
#include "src/text/document.h"

namespace consent::rules {

// A list of `{date: 07-14}` and `{easter: 1}` (days after Easter Sunday, or before it), each with
// the `zones` where alone it is kept. With an error added, what it returns is of no use.
std::vector<core::Holiday> ReadHolidays(const text::Node& node, text::Errors& errors);

}  // namespace consent::rules

#endif  // CONSENT_RULES_HOLIDAY_READER_H_
