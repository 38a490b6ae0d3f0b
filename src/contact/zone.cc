// SPDX-License-Identifier: Apache-2.0

#include "src/contact/zone.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string_view>

namespace consent::contact {
namespace {

struct Range {
  uint32_t digits;  // with which the E.164 number begins
  std::string_view zone;
};
constexpr Range kRanges[] = {
#include "src/contact/zone_table.inc"
};
static_assert(std::is_sorted(std::begin(kRanges), std::end(kRanges),
                             [](const Range& a, const Range& b) { return a.digits < b.digits; }));
constexpr size_t kLongestRange = 6;
static_assert(std::rbegin(kRanges)->digits < 1'000'000);

const Range* Find(uint32_t digits) {
  const Range* range =
      std::lower_bound(std::begin(kRanges), std::end(kRanges), digits,
                       [](const Range& r, uint32_t wanted) { return r.digits < wanted; });
  return range != std::end(kRanges) && range->digits == digits ? range : nullptr;
}

// Calling codes that a few zones share, by zone.tab; frozen like the table.
struct SharedCode {
  std::string_view digits;
  std::initializer_list<std::string_view> zones;
};
const SharedCode kSharedCodes[] = {
    {"262", {"Indian/Reunion", "Indian/Mayotte"}},
    {"34", {"Europe/Madrid", "Africa/Ceuta", "Atlantic/Canary"}},
    {"351", {"Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores"}},
    {"590", {"America/Guadeloupe", "America/Marigot", "America/St_Barthelemy"}},
    {"689", {"Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"}},
};
// Within +262, what ZoneOf tells is a region's own range: the other region has no part in it.
constexpr std::string_view kReunionAndMayotte = "262";

std::string_view Digits(const ContactPoint& point) {
  return std::string_view(point.uri()).substr(std::string_view("tel:+").size());
}

}  // namespace

std::optional<std::string> ZoneOf(const ContactPoint& point) {
  if (point.kind() != ContactPoint::Kind::kPhone) return std::nullopt;
  const std::string_view number = Digits(point);
  const Range* longest = nullptr;
  uint32_t digits = 0;
  for (const char digit : number.substr(0, kLongestRange)) {
    digits = digits * 10 + static_cast<uint32_t>(digit - '0');
    if (const Range* range = Find(digits)) longest = range;
  }
  if (longest == nullptr || longest->zone.empty()) return std::nullopt;
  return std::string(longest->zone);
}

std::vector<std::string> ZonesOf(const ContactPoint& point) {
  if (point.kind() != ContactPoint::Kind::kPhone) return {};
  const std::optional<std::string> zone = ZoneOf(point);
  for (const SharedCode& shared : kSharedCodes) {
    if (Digits(point).substr(0, shared.digits.size()) != shared.digits) continue;
    if (zone.has_value() && shared.digits == kReunionAndMayotte) break;
    return {shared.zones.begin(), shared.zones.end()};
  }
  if (!zone.has_value()) return {};
  return {*zone};
}

}  // namespace consent::contact
