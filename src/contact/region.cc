// SPDX-License-Identifier: Apache-2.0

#include "src/contact/region.h"

#include "absl/strings/str_split.h"
#include "src/contact/number_range.h"

namespace consent::contact {
namespace {

constexpr NumberRange kRanges[] = {
#include "src/contact/region_table.inc"
};
static_assert(IsSound(kRanges));

}  // namespace

std::vector<std::string> RegionsOf(const ContactPoint& point) {
  if (point.kind() != ContactPoint::Kind::kPhone) return {};
  const std::string_view regions = LongestRange(kRanges, point);
  if (regions.empty()) return {};
  return absl::StrSplit(std::string(regions), ' ');
}

}  // namespace consent::contact
