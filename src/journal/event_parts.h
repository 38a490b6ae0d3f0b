// SPDX-License-Identifier: Apache-2.0
//
// Events as the parts of an opening, and back.

#ifndef CONSENT_JOURNAL_EVENT_PARTS_H_
#define CONSENT_JOURNAL_EVENT_PARTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/consent/event.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"

namespace consent::journal {

// The parts of an event about `contact_point` (canonical text; empty where the command named
// none). What is renamed with it lies in the ledger's part.
Parts ToParts(const core::EventBody& body, std::string_view contact_point,
              const std::vector<core::Renamed>& renamed = {});

// The event that `entry` and its opened parts record. DataLoss when the parts are not those of
// the entry's kind.
absl::StatusOr<core::Event> ToEvent(const Entry& entry, const Parts& parts);

// The event as far as the company's part tells it, for who is shown no more: fields of the ledger's
// part are as they are in a new one. DataLoss as ToEvent.
absl::StatusOr<core::Event> ToEventForCompany(const Entry& entry, std::string_view company_part);

// What an entry shows of an event in clear.
core::Kind KindOf(const core::EventBody& body);
core::Channel ChannelOf(const core::EventBody& body);
core::Reason ReasonAnswered(const core::EventBody& body);
// The one company that it concerns, as far as that company may see it; "" when there is none.
std::string_view CompanyOf(const core::EventBody& body);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_EVENT_PARTS_H_
