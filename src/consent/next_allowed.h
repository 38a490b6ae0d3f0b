// SPDX-License-Identifier: Apache-2.0
//
// When a question would be answered yes, if nothing else happened meanwhile. Private to the core.
//
// Never by trying second after second: each answer no has one kind of thing that can change it
// (another grant begins, an hour opens, a limit has room again), and the search goes from one such
// moment to the next.

#ifndef CONSENT_CONSENT_NEXT_ALLOWED_H_
#define CONSENT_CONSENT_NEXT_ALLOWED_H_

#include <optional>

#include "src/base/instant.h"
#include "src/consent/question.h"
#include "src/consent/room.h"

namespace consent::core {

// What the limits count beside the record, and whether the consumer's preferences are asked.
struct Counted {
  Taken taken = nullptr;  // Counted as if it were in the record.
  bool preferences = true;
};

// The first moment from `from` on, at most kHorizon later, at which the question would be allowed;
// nullopt when there is none.
std::optional<Instant> NextAllowedTime(const Question& question, Instant from,
                                       const Counted& counted);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_NEXT_ALLOWED_H_
