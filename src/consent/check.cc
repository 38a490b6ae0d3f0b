// SPDX-License-Identifier: Apache-2.0

#include "src/consent/check.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::core {
namespace {

template <typename... Parts>
absl::Status Fault(const std::string& field, const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", parts...));
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
  RETURN_IF_ERROR(CheckChannels(field + ".channels", limit.channels));
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

std::string At(const std::string& field, size_t i) { return absl::StrCat(field, "[", i, "]"); }

}  // namespace

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

absl::Status CheckOneCompany(const std::string& field, std::string_view company) {
  RETURN_IF_ERROR(CheckId(field, company));
  if (company == "*") return Fault(field, "expected one company, found \"*\"");
  return absl::OkStatus();
}

absl::Status CheckMoment(const std::string& field, Instant t) {
  if (t >= kEarliest && t <= kNever) return absl::OkStatus();
  return Fault(field, "expected a moment of the years 1900 to 9999, found Unix second ",
               t.unix_seconds);
}

absl::Status CheckDates(const std::string& prefix, const Dates& dates) {
  RETURN_IF_ERROR(CheckMoment(prefix + "valid_from", dates.from));
  RETURN_IF_ERROR(CheckMoment(prefix + "valid_until", dates.until));
  if (dates.until > dates.from) return absl::OkStatus();
  return Fault(prefix + "valid_until",
               "expected a moment after valid_from, found one not after it");
}

absl::Status CheckSource(const std::string& prefix, Signer signed_by, Instant collected_at) {
  RETURN_IF_ERROR(CheckNumber(prefix + "signed_by", static_cast<int>(signed_by),
                              static_cast<int>(Signer::kConsumer), kSignerMax));
  if (signed_by == Signer::kConsumer) return absl::OkStatus();
  if (collected_at == Instant{}) {
    return Fault(prefix + "collected_at",
                 "expected the moment at which the claim was collected, found none");
  }
  return CheckMoment(prefix + "collected_at", collected_at);
}

absl::Status CheckChannels(const std::string& field, ChannelSet channels) {
  if (!channels.empty() && channels.valid()) return absl::OkStatus();
  return Fault(field, "expected at least one known channel, found bits ", channels.bits);
}

absl::Status CheckPurposes(const std::string& field, PurposeSet purposes) {
  if (!purposes.empty() && purposes.valid()) return absl::OkStatus();
  return Fault(field, "expected at least one known purpose, found bits ", purposes.bits);
}

absl::Status CheckLimits(const std::string& field, const std::vector<Limit>& limits, int least) {
  RETURN_IF_ERROR(CheckNumber(field, static_cast<int64_t>(limits.size()), least, kLimitsMax));
  for (size_t i = 0; i < limits.size(); ++i) {
    RETURN_IF_ERROR(CheckLimit(At(field, i), limits[i]));
    for (size_t j = 0; j < i; ++j) {
      if (limits[j].id == limits[i].id) {
        return Fault(At(field, i) + ".id", "expected an id of its own, found that of limits[", j,
                     "]");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSpans(const std::string& field, const std::vector<Span>& spans) {
  RETURN_IF_ERROR(CheckNumber(field, static_cast<int64_t>(spans.size()), 0, kSpansMax));
  for (size_t i = 0; i < spans.size(); ++i) RETURN_IF_ERROR(CheckSpan(At(field, i), spans[i]));
  return absl::OkStatus();
}

}  // namespace consent::core
