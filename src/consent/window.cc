// SPDX-License-Identifier: Apache-2.0

#include "src/consent/window.h"

#include <algorithm>

#include "absl/time/civil_time.h"

namespace consent::core {
namespace {

constexpr Seconds Days(int64_t n) { return {n * 24 * 60 * 60}; }
// From here all blocks of weeks are counted: the first Monday of Unix time.
constexpr absl::CivilDay kFirstMonday(1970, 1, 5);

Instant FromLocal(absl::CivilSecond local, const absl::TimeZone& zone) {
  return FromAbslTime(zone.At(local).pre);
}

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Where the calendar's block number `block` begins.
Instant BlockBegin(const Window& window, int64_t block, const absl::TimeZone& zone) {
  const int64_t n = block * window.count;
  switch (window.period) {
    case Period::kDay:
      return FromLocal(absl::CivilSecond(absl::CivilDay(1970, 1, 1) + n), zone);
    case Period::kWeek:
      return FromLocal(absl::CivilSecond(kFirstMonday + 7 * n), zone);
    case Period::kMonth:
      return FromLocal(absl::CivilSecond(absl::CivilMonth(0) + n), zone);
    default:
      return FromLocal(absl::CivilSecond(absl::CivilYear(0) + n), zone);
  }
}

// The number of the calendar's block that holds the local time.
int64_t BlockOf(const Window& window, absl::CivilSecond local) {
  switch (window.period) {
    case Period::kDay:
      return FloorDivide(absl::CivilDay(local) - absl::CivilDay(1970, 1, 1), window.count);
    case Period::kWeek:
      return FloorDivide(absl::CivilDay(local) - kFirstMonday, INT64_C(7) * window.count);
    case Period::kMonth:
      return FloorDivide(absl::CivilMonth(local) - absl::CivilMonth(0), window.count);
    default:
      return FloorDivide(absl::CivilYear(local) - absl::CivilYear(0), window.count);
  }
}

// How many windows after the first `to` lies, give or take one.
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

}  // namespace

Instant AddPeriods(Instant t, Period period, int64_t count, const absl::TimeZone& zone) {
  if (period == Period::kLifetime) return kNever;
  const absl::CivilSecond local = absl::ToCivilSecond(ToAbslTime(t), zone);
  absl::CivilDay day(local);
  if (period == Period::kDay || period == Period::kWeek) {
    day += period == Period::kDay ? count : 7 * count;
  } else {
    const absl::CivilMonth month =
        absl::CivilMonth(local) + (period == Period::kMonth ? count : 12 * count);
    const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
    day = std::min(absl::CivilDay(month) + (local.day() - 1), last);
  }
  return FromLocal(absl::CivilSecond(day.year(), day.month(), day.day(), local.hour(),
                                     local.minute(), local.second()),
                   zone);
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
  int64_t block = BlockOf(window, absl::ToCivilSecond(ToAbslTime(t), zone));
  Stretch s{BlockBegin(window, block, zone), BlockBegin(window, block + 1, zone)};
  // Where midnight is skipped or read twice, the wall can show a day that does not hold `t`.
  while (t < s.begin) {
    s.end = s.begin;
    s.begin = BlockBegin(window, --block, zone);
  }
  while (t >= s.end) {
    s.begin = s.end;
    s.end = BlockBegin(window, ++block + 1, zone);
  }
  return s;
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

Instant WindowAt::CountsUntil(Instant made) const {
  if (window_.alignment != Alignment::kRolling) return stretch_.end;
  return AddPeriods(made, window_.period, window_.count, zone_);
}

}  // namespace consent::core
