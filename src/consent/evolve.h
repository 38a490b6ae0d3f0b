// SPDX-License-Identifier: Apache-2.0
//
// Evolve: a record after an event. Pure, total, and the only way a record changes.

#ifndef CONSENT_CONSENT_EVOLVE_H_
#define CONSENT_CONSENT_EVOLVE_H_

#include <cstdint>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/consent/record.h"

namespace consent::core {

enum class Retention {
  kFiveYears,  // Contacts are pruned at five years once no limit can count them.
  kForever,    // Simulations.
};

// What an event has done to a record. All but the first also count it: `seen` and the tag.
enum class Effect {
  kNone,     // It had been seen.
  kCounted,  // Nothing else.
  kContact,  // A contact came last with a company that the record knew; nothing else.
  kOther,
};

// Takes `event` into `record`. An event that the record has already seen (its position is below
// `record.seen`) changes nothing, so replaying a journal from any earlier point is safe.
Effect Evolve(Record& record, const Event& event, Retention retention = Retention::kFiveYears);

// Counts an event: `seen`, and the tag that its entry carries.
void Count(Record& record, LeafIndex position, Instant at);

// Puts each `to` in the place of its `from`, where the record has that.
void Rename(Record& record, const std::vector<Renamed>& renamed);

// Which tag the consumer's next entry at `at` carries: the UTC year's key and a counter from 0.
struct TagSlot {
  int32_t year = 0;
  uint64_t count = 0;
};
TagSlot NextTag(const Record& record, Instant at);

// The UTC year of an entry's time: the year of its tag's key.
int32_t TagYearOf(Instant at);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_EVOLVE_H_
