// SPDX-License-Identifier: Apache-2.0
//
// An event of every kind, every field set. Test code only.

#ifndef CONSENT_JOURNAL_TEST_EVENTS_H_
#define CONSENT_JOURNAL_TEST_EVENTS_H_

#include <string>
#include <vector>

#include "src/consent/event.h"
#include "src/crypto/secret.h"
#include "src/journal/entry.h"

namespace consent::journal {

inline constexpr std::string_view kTestContactPoint = "tel:+33639980001";
inline constexpr LeafIndex kTestPosition{258};
// 2026-03-02T09:00:00Z.
inline constexpr Instant kTestTime{1'772'442'000};

// Bytes 0x00 to 0x1f.
crypto::Secret TestSecret();
Handle TestHandle();

// One of each kind that is a consumer's, in the order of their numbers.
std::vector<core::EventBody> TestEvents();

// What goes by other ids from one of these events on.
std::vector<core::Renamed> TestRenamed();

// What begins a journal's second life; of no consumer, and so not among the above.
core::Recovered TestRecovered();

// The entry of `body` at kTestPosition, committed to under TestSecret().
Entry TestEntry(const core::EventBody& body, const std::vector<core::Renamed>& renamed = {});

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_TEST_EVENTS_H_
