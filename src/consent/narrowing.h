// SPDX-License-Identifier: Apache-2.0
//
// Keeping and reading the last word with which a consumer narrowed what somebody may do. Private
// to the core.

#ifndef CONSENT_CONSENT_NARROWING_H_
#define CONSENT_CONSENT_NARROWING_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/consent/record.h"

namespace consent::core {

// When a word was signed, Unix milliseconds, counted as no later than its arrival: a phone's fast
// clock shuts nobody out.
int64_t OwnTimeMs(int64_t signed_at_ms, Instant arrived);

// Takes `event`, which narrows, into `last`. `statement` is what is known of its signed bytes;
// without any its own time is that of its arrival.
void Narrow(std::optional<Narrowing>& last, const Event& event,
            const std::optional<SignedBytes>& statement);

// The last narrowing that concerns `company`, those of all companies included: the latest arrival,
// position and own time of both. "*" is all companies and nothing else.
std::optional<Narrowing> LastNarrowing(const Record& record, std::string_view company);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_NARROWING_H_
