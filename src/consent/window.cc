// SPDX-License-Identifier: Apache-2.0

#include "src/consent/window.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "absl/time/civil_time.h"

namespace consent::core {
namespace {

Instant FromLocal(absl::CivilSecond local, const absl::TimeZone& zone) {
  return FromAbslTime(zone.At(local).pre);
}

// `local` moved by `count` periods; see AddPeriods.
absl::CivilSecond Later(absl::CivilSecond local, Period period, int64_t count) {
  absl::CivilDay day(local);
  if (period == Period::kDay || period == Period::kWeek) {
    day += period == Period::kDay ? count : 7 * count;
  } else {
    const absl::CivilMonth month =
        absl::CivilMonth(local) + (period == Period::kMonth ? count : 12 * count);
    const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
    day = std::min(absl::CivilDay(month) + (local.day() - 1), last);
  }
  return absl::CivilSecond(day.year(), day.month(), day.day(), local.hour(), local.minute(),
                           local.second());
}

// From where the calendar counts its blocks: Thursday 1 January 1970 for days, the Monday after it
// for weeks, year 0 for months and years.
absl::CivilSecond Origin(Period period) {
  if (period == Period::kDay) return absl::CivilSecond(1970, 1, 1);
  if (period == Period::kWeek) return absl::CivilSecond(1970, 1, 5);
  return absl::CivilSecond(0, 1, 1);
}

// How many windows after `from` `to` lies, give or take one.
int64_t WindowsBetween(const Window& window, absl::CivilSecond from, absl::CivilSecond to) {
  switch (window.period) {
    case Period::kDay:
      return (absl::CivilDay(to) - absl::CivilDay(from)) / window.count;
    case Period::kWeek:
      return (absl::CivilDay(to) - absl::CivilDay(from)) / (INT64_C(7) * window.count);
    case Period::kMonth:
      return (absl::CivilMonth(to) - absl::CivilMonth(from)) / window.count;
    default:
      return (absl::CivilYear(to) - absl::CivilYear(from)) / window.count;
  }
}

// Shorter than any window of this kind; may be negative.
Seconds ShorterThan(const Window& window) {
  const int64_t n = window.count;
  switch (window.period) {
    case Period::kDay:
      return Days(n - 2);
    case Period::kWeek:
      return Days(7 * n - 2);
    case Period::kMonth:
      return Days(28 * n - 2);
    default:
      return Days(365 * n - 2);
  }
}

Stretch WorkOutCalendarStretch(const Window& window, Instant t, const absl::TimeZone& zone) {
  const absl::CivilSecond origin = Origin(window.period);
  const auto begin = [&](int64_t block) {
    return FromLocal(Later(origin, window.period, block * window.count), zone);
  };
  int64_t block = WindowsBetween(window, origin, absl::ToCivilSecond(ToAbslTime(t), zone));
  Stretch s{begin(block), begin(block + 1)};
  // Where midnight is skipped or read twice, the wall can show a day that does not hold `t`.
  while (t < s.begin) {
    s.end = s.begin;
    s.begin = begin(--block);
  }
  while (t >= s.end) {
    s.begin = s.end;
    s.end = begin(++block + 1);
  }
  return s;
}

}  // namespace

Instant AddPeriods(Instant t, Period period, int64_t count, const absl::TimeZone& zone) {
  if (period == Period::kLifetime) return kNever;
  return FromLocal(Later(absl::ToCivilSecond(ToAbslTime(t), zone), period, count), zone);
}

Seconds LongerThan(const Window& window) {
  const int64_t n = window.count;
  switch (window.period) {
    case Period::kDay:
      return Days(n + 2);
    case Period::kWeek:
      return Days(7 * n + 2);
    case Period::kMonth:
      return Days(31 * n + 2);
    case Period::kYear:
      return Days(366 * n + 2);
    default:
      return {kNever.unix_seconds};
  }
}

Stretch CalendarStretch(const Window& window, Instant t, const absl::TimeZone& zone) {
  // Whoever is asked about in the same minute has the same day, week, month or year: what was
  // worked out last is what is wanted next. No instant lies in two blocks, so one that holds `t` is
  // the one.
  struct Known {
    int32_t count = 0;
    absl::TimeZone zone;
    Stretch stretch;  // Empty at first.
  };
  thread_local std::array<Known, kPeriodMax + 1> last;
  Known& known = last[static_cast<size_t>(window.period)];
  const bool holds = known.stretch.begin <= t && t < known.stretch.end;
  if (!holds || known.count != window.count || known.zone != zone) {
    known = {window.count, zone, WorkOutCalendarStretch(window, t, zone)};
  }
  return known.stretch;
}

Stretch GrantStretch(const Window& window, Instant since, Instant t, const absl::TimeZone& zone) {
  // The first window starts at the instant itself: to go by way of the wall's time would lose it
  // where that time exists twice.
  const auto begin = [&](int64_t k) {
    return k == 0 ? since : AddPeriods(since, window.period, k * window.count, zone);
  };
  int64_t k = WindowsBetween(window, absl::ToCivilSecond(ToAbslTime(since), zone),
                             absl::ToCivilSecond(ToAbslTime(t), zone));
  k = std::max<int64_t>(k, 0);
  Stretch s{begin(k), begin(k + 1)};
  while (k > 0 && t < s.begin) {
    s.end = s.begin;
    s.begin = begin(--k);
  }
  while (t >= s.end) {
    s.begin = s.end;
    s.end = begin(++k + 1);
  }
  return s;
}

WindowAt::WindowAt(const Window& window, Instant since, Instant t, const absl::TimeZone& zone)
    : window_(window), zone_(zone), t_(t) {
  if (window.period == Period::kLifetime) {
    stretch_ = {since, kNever};
  } else if (window.alignment == Alignment::kRolling) {
    stretch_ = {t - LongerThan(window), kNever};
  } else if (window.alignment == Alignment::kGrant) {
    stretch_ = GrantStretch(window, since, t, zone);
  } else {
    stretch_ = CalendarStretch(window, t, zone);
  }
}

bool WindowAt::Counts(Instant made) const {
  if (made < stretch_.begin) return false;
  if (window_.alignment != Alignment::kRolling) return true;
  // Only near the edge does the calendar matter.
  return t_ - made < ShorterThan(window_) || t_ < CountsUntil(made);
}

int64_t WindowAt::CountOf(absl::Span<const Instant> made) const {
  // From `sure` on all count; before it only the calendar knows.
  const bool rolling = window_.alignment == Alignment::kRolling;
  const Instant sure = rolling ? t_ - ShorterThan(window_) + Seconds{1} : stretch_.begin;
  auto first = std::lower_bound(made.begin(), made.end(), sure);
  int64_t count = made.end() - first;
  while (first != made.begin() && *--first >= stretch_.begin) count += Counts(*first) ? 1 : 0;
  return count;
}

Instant WindowAt::CountsUntil(Instant made) const {
  if (window_.alignment != Alignment::kRolling) return stretch_.end;
  return AddPeriods(made, window_.period, window_.count, zone_);
}

}  // namespace consent::core
