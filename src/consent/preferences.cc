// SPDX-License-Identifier: Apache-2.0

#include "src/consent/preferences.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consent/check.h"

namespace consent::core {
namespace {

// A grant's anniversaries, and its lifetime, mean nothing without a grant.
absl::Status CheckWindow(size_t i, const Window& window) {
  if (window.alignment == Alignment::kCalendar || window.alignment == Alignment::kRolling) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("preferences limits[", i,
                                                 "].window: expected CALENDAR or ROLLING, found "
                                                 "another alignment"));
}

}  // namespace

absl::Status ValidatePreferences(const Preferences& preferences) {
  RETURN_IF_ERROR(CheckLimits("preferences limits", preferences.limits, 0));
  for (size_t i = 0; i < preferences.limits.size(); ++i) {
    RETURN_IF_ERROR(CheckWindow(i, preferences.limits[i].window));
  }
  RETURN_IF_ERROR(CheckSpans("preferences quiet", preferences.quiet));
  if (preferences.pause_until.has_value()) {
    RETURN_IF_ERROR(CheckMoment("preferences pause_until", *preferences.pause_until));
  }
  return CheckPurposes("preferences purposes", preferences.purposes);
}

}  // namespace consent::core
