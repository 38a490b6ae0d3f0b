// SPDX-License-Identifier: Apache-2.0
//
// Events as the parts of an opening, and back.

#ifndef CONSENT_JOURNAL_EVENT_PARTS_H_
#define CONSENT_JOURNAL_EVENT_PARTS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/consent/event.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"

namespace consent::journal {

// The parts of an event about `contact_point` (canonical text; empty where the command named
// none).
Parts ToParts(const core::EventBody& body, std::string_view contact_point);

// The event that `entry` and its opened parts record. DataLoss when the parts are not those of
// the entry's kind.
absl::StatusOr<core::Event> ToEvent(const Entry& entry, const Parts& parts);

// What an entry shows of an event in clear.
core::Kind KindOf(const core::EventBody& body);
core::Channel ChannelOf(const core::EventBody& body);
core::Reason ReasonAnswered(const core::EventBody& body);
// The one company that it concerns, as far as that company may see it; "" when there is none.
std::string_view CompanyOf(const core::EventBody& body);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_EVENT_PARTS_H_
