// SPDX-License-Identifier: Apache-2.0

#include "src/text/zone_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace consent::text {

std::optional<absl::TimeZone> LoadZone(std::string_view name) {
  constexpr size_t kNameBytesMax = 64;
  // Abseil also opens paths and reads the machine's own zone; this keeps it to names.
  const bool shaped = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '-' ||
           c == '+';
  });
  if (!shaped || name.empty() || name.size() > kNameBytesMax ||
      !absl::ascii_isupper(static_cast<unsigned char>(name.front()))) {
    return std::nullopt;
  }
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(std::string(name), &zone)) return std::nullopt;
  return zone;
}

std::string FormatLocal(absl::Time t, const absl::TimeZone& zone) {
  const bool whole_minutes = zone.At(t).offset % 60 == 0;
  return absl::FormatTime(whole_minutes ? "%Y-%m-%dT%H:%M:%S%Ez" : "%Y-%m-%dT%H:%M:%S%E*z", t,
                          zone);
}

}  // namespace consent::text
