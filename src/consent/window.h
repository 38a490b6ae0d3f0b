// SPDX-License-Identifier: Apache-2.0
//
// Windows: the stretches of time in which limits count, by the calendar on the consumer's wall.
// Private to the core.
//
// A local time that does not exist or exists twice is read with the offset before the change, so
// 02:30 on the night the clocks go forward is 03:30 (`absl::TimeZone::At(...).pre`; note that
// `absl::FromCivil` answers 03:00). Meaning: docs/reference/scenario.md, "Window".

#ifndef CONSENT_CONSENT_WINDOW_H_
#define CONSENT_CONSENT_WINDOW_H_

#include <cstdint>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"

namespace consent::core {

constexpr Seconds Days(int64_t count) { return {count * 24 * 60 * 60}; }

// `t` moved by `count` periods of civil time: the local date moves, the time of day stays, and a
// day past the month's end becomes its last day. LIFETIME moves to `kNever`.
Instant AddPeriods(Instant t, Period period, int64_t count, const absl::TimeZone& zone);

// Longer than any window of this kind can last, whatever the zone does; LIFETIME lasts for ever
// (kNever, counted from 0).
Seconds LongerThan(const Window& window);

// The instants from `begin` up to and without `end`.
struct Stretch {
  Instant begin;
  Instant end;
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

// The block of `window.count` civil days, ISO weeks, months or years that holds `t`. Blocks touch
// each other and every instant lies in one. Where midnight is read twice, the time between the two
// readings belongs to the later day.
Stretch CalendarStretch(const Window& window, Instant t, const absl::TimeZone& zone);

// The stretch from `since` + k times `window.count` periods up to the next that holds `t`, each
// edge computed from `since` itself. Requires since <= t.
Stretch GrantStretch(const Window& window, Instant since, Instant t, const absl::TimeZone& zone);

// A limit's window as it lies at one moment: which contacts count then, and until when.
class WindowAt {
 public:
  // `since` is where GRANT windows and LIFETIME begin: the grant's valid_from, not after `t`.
  WindowAt(const Window& window, Instant since, Instant t, const absl::TimeZone& zone);

  // No contact made before this counts. ROLLING: a bound, not the exact edge.
  Instant earliest() const { return stretch_.begin; }
  // Whether a contact made at `made`, not after the moment, counts at the moment.
  bool Counts(Instant made) const;
  // How many of the contacts made at these moments, in order, count at the moment.
  int64_t CountOf(absl::Span<const Instant> made) const;
  // When a contact that counts at the moment stops to.
  Instant CountsUntil(Instant made) const;

 private:
  const Window window_;
  const absl::TimeZone zone_;
  const Instant t_;
  Stretch stretch_;
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_WINDOW_H_
