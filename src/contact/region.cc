// SPDX-License-Identifier: Apache-2.0

#include "src/contact/region.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "absl/strings/str_split.h"

namespace consent::contact {
namespace {

struct Range {
  uint32_t digits;  // with which the E.164 number begins
  std::string_view regions;
};
constexpr Range kRanges[] = {
#include "src/contact/region_table.inc"
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

}  // namespace

std::vector<std::string> RegionsOf(const ContactPoint& point) {
  if (point.kind() != ContactPoint::Kind::kPhone) return {};
  std::string_view number = point.uri();
  number.remove_prefix(std::string_view("tel:+").size());
  const Range* longest = nullptr;
  uint32_t digits = 0;
  for (const char digit : number.substr(0, kLongestRange)) {
    digits = digits * 10 + static_cast<uint32_t>(digit - '0');
    if (const Range* range = Find(digits)) longest = range;
  }
  if (longest == nullptr) return {};
  return absl::StrSplit(std::string(longest->regions), ' ');
}

}  // namespace consent::contact
