// SPDX-License-Identifier: Apache-2.0

#include "src/contact/zone.h"

#include <initializer_list>
#include <string_view>

#include "src/contact/number_range.h"

namespace consent::contact {
namespace {

constexpr NumberRange kRanges[] = {
#include "src/contact/zone_table.inc"
};
static_assert(IsSound(kRanges));

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

}  // namespace

std::optional<std::string> ZoneOf(const ContactPoint& point) {
  if (point.kind() != ContactPoint::Kind::kPhone) return std::nullopt;
  const std::string_view zone = LongestRange(kRanges, point);
  if (zone.empty()) return std::nullopt;
  return std::string(zone);
}

std::vector<std::string> ZonesOf(const ContactPoint& point) {
  if (point.kind() != ContactPoint::Kind::kPhone) return {};
  const std::optional<std::string> zone = ZoneOf(point);
  for (const SharedCode& shared : kSharedCodes) {
    if (DigitsOf(point).substr(0, shared.digits.size()) != shared.digits) continue;
    if (zone.has_value() && shared.digits == kReunionAndMayotte) break;
    return {shared.zones.begin(), shared.zones.end()};
  }
  if (!zone.has_value()) return {};
  return {*zone};
}

}  // namespace consent::contact
