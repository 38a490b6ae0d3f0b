// SPDX-License-Identifier: Apache-2.0
//
// traceparent: which trace a call belongs to (W3C Trace Context, level 1):
// version "-" trace id "-" parent id "-" flags, in lower-case hex digits.
//
// Read strictly: what is malformed is no trace at all, and nothing is made up in its place.

#ifndef CONSENT_BASE_TRACEPARENT_H_
#define CONSENT_BASE_TRACEPARENT_H_

#include <cstddef>
#include <string_view>

namespace consent {

inline constexpr char kTraceparent[] = "traceparent";
inline constexpr size_t kTraceIdDigits = 32;

// The trace id: 32 digits, not all zero. Empty for what is no traceparent: version ff, another
// length than 55 (later versions may be longer), an id of zeros, upper case.
std::string_view TraceIdIn(std::string_view traceparent);

}  // namespace consent

#endif  // CONSENT_BASE_TRACEPARENT_H_
