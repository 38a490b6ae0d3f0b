// SPDX-License-Identifier: Apache-2.0
//
// Number ranges: what a phone number's first digits tell, from a frozen sorted table. Private to
// this folder.

#ifndef CONSENT_CONTACT_NUMBER_RANGE_H_
#define CONSENT_CONTACT_NUMBER_RANGE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/contact/contact_point.h"

namespace consent::contact {

// The first digits of E.164 numbers, and what they tell.
struct NumberRange {
  uint32_t digits;
  std::string_view tells;
};

inline constexpr size_t kRangeDigitsMax = 6;

// Whether a table is in order, and no range longer than is looked for.
template <size_t kCount>
constexpr bool IsSound(const NumberRange (&ranges)[kCount]) {
  return std::is_sorted(
             ranges, ranges + kCount,
             [](const NumberRange& a, const NumberRange& b) { return a.digits < b.digits; }) &&
         ranges[kCount - 1].digits < 1'000'000;
}

// The digits of a phone number, without its "+".
inline std::string_view DigitsOf(const ContactPoint& phone) {
  return std::string_view(phone.uri()).substr(std::string_view("tel:+").size());
}

// What the longest range tells that the phone number begins with; empty where there is none.
template <size_t kCount>
std::string_view LongestRange(const NumberRange (&ranges)[kCount], const ContactPoint& phone) {
  std::string_view tells;
  uint32_t digits = 0;
  for (const char digit : DigitsOf(phone).substr(0, kRangeDigitsMax)) {
    digits = digits * 10 + static_cast<uint32_t>(digit - '0');
    const NumberRange* const range =
        std::lower_bound(ranges, ranges + kCount, digits,
                         [](const NumberRange& r, uint32_t wanted) { return r.digits < wanted; });
    if (range != ranges + kCount && range->digits == digits) tells = range->tells;
  }
  return tells;
}

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_NUMBER_RANGE_H_
