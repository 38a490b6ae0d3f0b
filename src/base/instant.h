// SPDX-License-Identifier: Apache-2.0
//
// Instant: a moment of ledger time, in whole Unix seconds. Seconds: a length of time.
//
// Decisions are made to the second, so that a model, a lawyer and the server agree on every edge;
// sub-second time exists only in statements (`signed_at`) and in clocks.

#ifndef CONSENT_BASE_INSTANT_H_
#define CONSENT_BASE_INSTANT_H_

#include <compare>
#include <cstdint>

#include "absl/time/time.h"

namespace consent {

struct Seconds {
  int64_t count = 0;
  friend constexpr auto operator<=>(Seconds, Seconds) = default;
};

struct Instant {
  int64_t unix_seconds = 0;

  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant t, Seconds d) { return {t.unix_seconds + d.count}; }
  friend constexpr Instant operator-(Instant t, Seconds d) { return {t.unix_seconds - d.count}; }
  friend constexpr Seconds operator-(Instant a, Instant b) {
    return {a.unix_seconds - b.unix_seconds};
  }
};

// Later than every moment a statement may name (statements stop at year 9999).
inline constexpr Instant kNever{INT64_C(253402300800)};

// Rounds towards the past, so that nothing is judged before its time.
inline Instant FromAbslTime(absl::Time t) { return {absl::ToUnixSeconds(t)}; }
inline absl::Time ToAbslTime(Instant t) { return absl::FromUnixSeconds(t.unix_seconds); }

}  // namespace consent

#endif  // CONSENT_BASE_INSTANT_H_
