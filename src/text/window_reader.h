// SPDX-License-Identifier: Apache-2.0
//
// Readers of what limits, grants and rules have in common: windows, and hours of the week.
//
// Each returns what it read. With an error added, what it returns is of no use.

#ifndef CONSENT_TEXT_WINDOW_READER_H_
#define CONSENT_TEXT_WINDOW_READER_H_

#include <vector>

#include "src/consent/grant.h"
#include "src/text/document.h"
#include "src/text/value_reader.h"

namespace consent::text {

// `{period: YEAR, count: 1, alignment: CALENDAR}`. `count` is 1 unless it is given; LIFETIME has
// neither count nor alignment, everything else has an alignment.
core::Window ReadWindow(const Node& node, Errors& errors);

// `{period: YEAR, count: 3}`: a length of time, which is a window without an alignment and not
// LIFETIME. `count` is 1 unless it is given.
core::Window ReadLength(const Node& node, Errors& errors);

// A list of up to kSpansMax `{days: [MON], from: "10:00", to: "13:00"}`, possibly empty.
std::vector<core::Span> ReadHours(const Node& node, Errors& errors);

}  // namespace consent::text

#endif  // CONSENT_TEXT_WINDOW_READER_H_
