// SPDX-License-Identifier: Apache-2.0
//
// Placed: whether a consumer was taken to be where their contact point lies.
//
// Which law protects somebody, and by whose clock, follows from the place: a ledger that could
// choose it could call on a Saturday under the law of an island where it is Monday.
//
// Threads: safe from any thread.

#ifndef CONSENT_VERIFY_PLACED_H_
#define CONSENT_VERIFY_PLACED_H_

#include <string>
#include <string_view>

#include "src/consent/event.h"
#include "src/consent/record.h"

namespace consent::verify {

// What is wrong with the place that `event` brings, in words without personal data; empty when
// nothing is. `record` is that of the consumer before it, without any entry when it is new, and
// `contact_point` the canonical text; empty where the event names none. The zone that a binding
// states is the consumer's word, and not judged.
std::string MisplacedIn(const core::EventBody& event, const core::Record& record,
                        std::string_view contact_point);

// Whether nothing but the contact point tells yet where the consumer is.
bool IsNewcomer(const core::Record& record);

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_PLACED_H_
