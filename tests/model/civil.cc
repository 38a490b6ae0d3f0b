// SPDX-License-Identifier: Apache-2.0

#include "tests/model/civil.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace consent::model {
namespace {

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

int OffsetAt(int64_t unix_seconds, const absl::TimeZone& zone) {
  return zone.At(absl::FromUnixSeconds(unix_seconds)).offset;
}

}  // namespace

absl::CivilSecond Wall(Instant t, const absl::TimeZone& zone) {
  return absl::ToCivilSecond(ToAbslTime(t), zone);
}

Instant Moment(absl::CivilSecond wall, const absl::TimeZone& zone) {
  return FromAbslTime(zone.At(wall).pre);  // Not FromCivil, which reads a skipped time otherwise.
}

std::vector<Instant> Readings(absl::CivilSecond wall, const absl::TimeZone& zone) {
  const absl::TimeZone::TimeInfo info = zone.At(wall);
  return {FromAbslTime(info.pre), FromAbslTime(info.trans), FromAbslTime(info.post)};
}

absl::CivilDay DayOf(Instant t, const absl::TimeZone& zone) {
  absl::CivilDay day = absl::CivilDay(Wall(t, zone)) - 2;
  while (Moment(absl::CivilSecond(day + 1), zone) <= t) ++day;
  return day;
}

Instant Plus(Instant t, core::Period period, int64_t n, const absl::TimeZone& zone) {
  const absl::CivilSecond from = Wall(t, zone);
  absl::CivilDay day(from);
  switch (period) {
    case core::Period::kDay:
      day += n;
      break;
    case core::Period::kWeek:
      day += 7 * n;
      break;
    case core::Period::kMonth:
    case core::Period::kYear: {
      const absl::CivilMonth month =
          absl::CivilMonth(from) + (period == core::Period::kYear ? 12 * n : n);
      const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
      day = std::min(last, absl::CivilDay(month) + (from.day() - 1));
      break;
    }
    default:
      return kNever;
  }
  return Moment(absl::CivilSecond(day.year(), day.month(), day.day(), from.hour(), from.minute(),
                                  from.second()),
                zone);
}

int64_t BlockOf(absl::CivilDay day, core::Period period, int64_t count) {
  switch (period) {
    case core::Period::kDay:
      return FloorDivide(day - absl::CivilDay(1970, 1, 1), count);
    case core::Period::kWeek: {
      while (absl::GetWeekday(day) != absl::Weekday::monday) --day;
      return FloorDivide((day - absl::CivilDay(1970, 1, 5)) / 7, count);
    }
    case core::Period::kMonth:
      return FloorDivide(absl::CivilMonth(day) - absl::CivilMonth(0, 1), count);
    case core::Period::kYear:
      return FloorDivide(day.year(), count);
    default:
      return 0;
  }
}

Instant AnniversaryStart(int64_t k, Instant valid_from, core::Period period, int64_t count,
                         const absl::TimeZone& zone) {
  if (k == 0) return valid_from;
  return Plus(valid_from, period, k * count, zone);
}

int64_t AnniversaryOf(Instant t, Instant valid_from, core::Period period, int64_t count,
                      const absl::TimeZone& zone) {
  // The starts found so far, kept because thousands of moments ask for the same ones.
  using Key = std::tuple<std::string, Instant, core::Period, int64_t>;
  static auto& starts_of = *new std::map<Key, std::vector<Instant>>;
  if (starts_of.size() > 1000) starts_of.clear();
  std::vector<Instant>& starts = starts_of[{zone.name(), valid_from, period, count}];
  if (starts.empty()) starts.push_back(valid_from);
  while (starts.back() <= t) {
    starts.push_back(
        AnniversaryStart(static_cast<int64_t>(starts.size()), valid_from, period, count, zone));
  }
  auto k = static_cast<int64_t>(starts.size()) - 1;
  while (k > 0 && starts[static_cast<size_t>(k)] > t) --k;
  return k;
}

const std::vector<Instant>& Transitions(const absl::TimeZone& zone) {
  static auto& known = *new std::map<std::string, std::vector<Instant>>;
  const auto [place, fresh] = known.try_emplace(zone.name());
  if (!fresh) return place->second;
  constexpr int64_t kStep = 6 * 60 * 60;
  const int64_t end = absl::ToUnixSeconds(absl::FromCivil(absl::CivilYear(2060), zone));
  for (int64_t t = absl::ToUnixSeconds(absl::FromCivil(absl::CivilYear(1985), zone)); t < end;
       t += kStep) {
    if (OffsetAt(t, zone) == OffsetAt(t + kStep, zone)) continue;
    int64_t before = t;
    int64_t after = t + kStep;
    while (after - before > 1) {
      const int64_t middle = before + (after - before) / 2;
      (OffsetAt(middle, zone) == OffsetAt(before, zone) ? before : after) = middle;
    }
    place->second.push_back({after});
  }
  return place->second;
}

}  // namespace consent::model
