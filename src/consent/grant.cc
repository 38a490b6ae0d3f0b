// SPDX-License-Identifier: Apache-2.0

#include "src/consent/grant.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::core {
namespace {

// "grant limits[2].max: expected 1 to 1000000, found 0". What was found is said as a number only:
// texts come from outside and may hold anything.
template <typename... Parts>
absl::Status Fault(const std::string& field, const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat("grant ", field, ": ", parts...));
}

absl::Status CheckNumber(const std::string& field, int64_t value, int64_t least, int64_t most) {
  if (value >= least && value <= most) return absl::OkStatus();
  return Fault(field, "expected ", least, " to ", most, ", found ", value);
}

absl::Status CheckId(const std::string& field, std::string_view id) {
  if (id.empty() || id.size() > kIdBytesMax) {
    return Fault(field, "expected 1 to ", kIdBytesMax, " characters, found ", id.size());
  }
  if (!std::all_of(id.begin(), id.end(), [](char c) { return c >= ' ' && c <= '~'; })) {
    return Fault(field, "expected printable ASCII characters, found others");
  }
  return absl::OkStatus();
}

absl::Status CheckMoment(const std::string& field, Instant t) {
  if (t >= kEarliest && t <= kNever) return absl::OkStatus();
  return Fault(field, "expected a moment of the years 1900 to 9999, found Unix second ",
               t.unix_seconds);
}

absl::Status CheckWindow(const std::string& field, const Window& window) {
  RETURN_IF_ERROR(CheckNumber(field + ".period", static_cast<int>(window.period),
                              static_cast<int>(Period::kDay), static_cast<int>(Period::kLifetime)));
  if (window.period == Period::kLifetime) {
    if (window.alignment != Alignment::kUnspecified) {
      return Fault(field + ".alignment", "expected none with LIFETIME, found one");
    }
    return CheckNumber(field + ".count", window.count, 1, 1);
  }
  RETURN_IF_ERROR(CheckNumber(field + ".alignment", static_cast<int>(window.alignment),
                              static_cast<int>(Alignment::kCalendar),
                              static_cast<int>(Alignment::kGrant)));
  return CheckNumber(field + ".count", window.count, 1, kPeriodsMax);
}

absl::Status CheckLimit(const std::string& field, const Limit& limit) {
  RETURN_IF_ERROR(CheckId(field + ".id", limit.id));
  if (limit.id.find('/') != std::string::npos) {
    return Fault(field + ".id", "expected no '/', found one");
  }
  if (limit.channels.empty() || !limit.channels.valid()) {
    return Fault(field + ".channels", "expected at least one known channel, found bits ",
                 limit.channels.bits);
  }
  RETURN_IF_ERROR(CheckNumber(field + ".max", limit.max, 1, kMaxMax));
  if (limit.max_attempts.has_value()) {
    RETURN_IF_ERROR(CheckNumber(field + ".max_attempts", *limit.max_attempts, 1, kMaxMax));
  }
  return CheckWindow(field + ".window", limit.window);
}

absl::Status CheckSpan(const std::string& field, const Span& span) {
  RETURN_IF_ERROR(CheckNumber(field + ".days", span.days, 1, 127));
  RETURN_IF_ERROR(CheckNumber(field + ".to", span.to_minute, 1, 24 * 60));
  return CheckNumber(field + ".from", span.from_minute, 0, span.to_minute - 1);
}

absl::Status CheckDates(const Grant& grant) {
  RETURN_IF_ERROR(CheckMoment("valid_from", grant.valid_from));
  RETURN_IF_ERROR(CheckMoment("valid_until", grant.valid_until));
  if (grant.valid_until <= grant.valid_from) {
    return Fault("valid_until", "expected a moment after valid_from, found one not after it");
  }
  RETURN_IF_ERROR(CheckNumber("signed_by", static_cast<int>(grant.signed_by),
                              static_cast<int>(Signer::kConsumer), kSignerMax));
  if (grant.signed_by == Signer::kConsumer) return absl::OkStatus();
  if (grant.collected_at == Instant{}) {
    return Fault("collected_at",
                 "expected the moment at which the claim was collected, found none");
  }
  return CheckMoment("collected_at", grant.collected_at);
}

}  // namespace

absl::Status ValidateGrant(const Grant& grant) {
  RETURN_IF_ERROR(CheckId("id", grant.id));
  RETURN_IF_ERROR(CheckId("company", grant.company));
  if (grant.company == "*") return Fault("company", "expected one company, found \"*\"");
  if (grant.purposes.empty() || !grant.purposes.valid()) {
    return Fault("purposes", "expected at least one known purpose, found bits ",
                 grant.purposes.bits);
  }
  RETURN_IF_ERROR(CheckDates(grant));
  RETURN_IF_ERROR(CheckNumber("limits", static_cast<int64_t>(grant.limits.size()), 1, kLimitsMax));
  for (size_t i = 0; i < grant.limits.size(); ++i) {
    RETURN_IF_ERROR(CheckLimit(absl::StrCat("limits[", i, "]"), grant.limits[i]));
    for (size_t j = 0; j < i; ++j) {
      if (grant.limits[j].id == grant.limits[i].id) {
        return Fault(absl::StrCat("limits[", i, "].id"),
                     "expected an id of its own, found that of limits[", j, "]");
      }
    }
  }
  RETURN_IF_ERROR(CheckNumber("hours", static_cast<int64_t>(grant.hours.size()), 0, kSpansMax));
  for (size_t i = 0; i < grant.hours.size(); ++i) {
    RETURN_IF_ERROR(CheckSpan(absl::StrCat("hours[", i, "]"), grant.hours[i]));
  }
  return absl::OkStatus();
}

}  // namespace consent::core
