// SPDX-License-Identifier: Apache-2.0

#include "src/base/traceparent.h"

#include <cstddef>

namespace consent {
namespace {

// 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
constexpr size_t kVersion = 0, kVersionDigits = 2;
constexpr size_t kTraceId = 3;
constexpr size_t kParentId = 36, kParentIdDigits = 16;
constexpr size_t kFlags = 53, kFlagsDigits = 2;
constexpr size_t kSize = 55;

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

std::string_view TraceIdIn(std::string_view text) {
  if (text.size() < kSize) return {};
  const std::string_view version = text.substr(kVersion, kVersionDigits);
  const std::string_view trace = text.substr(kTraceId, kTraceIdDigits);
  const std::string_view parent = text.substr(kParentId, kParentIdDigits);
  const std::string_view flags = text.substr(kFlags, kFlagsDigits);
  if (text[kTraceId - 1] != '-' || text[kParentId - 1] != '-' || text[kFlags - 1] != '-') return {};
  if (!IsHex(version) || !IsHex(trace) || !IsHex(parent) || !IsHex(flags)) return {};
  if (version == "ff" || IsZero(trace) || IsZero(parent)) return {};
  // A later version may say more, behind another '-'.
  if (text.size() > kSize && (version == "00" || text[kSize] != '-')) return {};
  return trace;
}

}  // namespace consent
