// SPDX-License-Identifier: Apache-2.0
//
// Preferences: a consumer's own word across all companies: caps, quiet hours, a pause.
//
// Invariant: Preferences that passed `ValidatePreferences` keep the limits named below.

#ifndef CONSENT_CONSENT_PREFERENCES_H_
#define CONSENT_CONSENT_PREFERENCES_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// Every purpose but messages that serve the consumer.
constexpr PurposeSet AllButService() {
  return {
      static_cast<uint16_t>(PurposeSet::All().bits & ~(1u << static_cast<int>(Purpose::kService)))};
}

struct Preferences {
  std::vector<Limit> limits;              // CALENDAR and ROLLING windows; they count all companies.
  std::vector<Span> quiet;                // No contact within.
  std::optional<Instant> pause_until;     // No contact before.
  PurposeSet purposes = AllButService();  // What all of this is about.

  friend bool operator==(const Preferences&, const Preferences&) = default;
  template <class A>
  void Fields(A& a) {
    a(limits), a(quiet), a(pause_until), a(purposes);
  }
};

// OK, or InvalidArgument as from ValidateGrant: 0 to 16 limits of which none is aligned to a grant
// or for a lifetime, 0 to 64 spans, at least one purpose.
absl::Status ValidatePreferences(const Preferences& preferences);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_PREFERENCES_H_
