// SPDX-License-Identifier: Apache-2.0
//
// Only what the core's types cannot hold is checked here: enum values, defaults, fractions of
// seconds, ids of parties. Ranges are core::ValidateGrant's, so they are stated once; its faults
// are renamed to the wire's words.

#include "src/statement/grant_reader.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/statement/moment.h"
#include "src/statement/text.h"

namespace consent::statement {
namespace {

std::string Item(const std::string& path, int index) { return absl::StrCat(path, "[", index, "]"); }

// A number of an enum whose known values are 1 to `max`. proto3 keeps unknown ones, and they would
// not fit the core's type.
absl::Status CheckKnown(int value, int max, const char* what, const std::string& field) {
  if (value >= 1 && value <= max) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("expected a ", what, " that this ledger knows (1 to ",
                                          max, "), found ", value));
}

template <typename Set, typename Enum>
absl::StatusOr<Set> ReadSet(const google::protobuf::RepeatedField<int>& values, int max,
                            const char* what, const std::string& path) {
  Set set;
  for (int i = 0; i < values.size(); ++i) {
    RETURN_IF_ERROR(CheckKnown(values[i], max, what, Item(path, i)));
    set.Add(static_cast<Enum>(values[i]));
  }
  return set;
}

absl::StatusOr<core::Window> ReadWindow(const v1::Window& window, const std::string& path) {
  RETURN_IF_ERROR(CheckKnown(window.period(), static_cast<int>(core::Period::kLifetime), "period",
                             path + ".period"));
  core::Window out;
  out.period = static_cast<core::Period>(window.period());
  out.count = window.count() == 0 ? 1 : window.count();
  if (out.period == core::Period::kLifetime) {
    if (window.alignment() != v1::ALIGNMENT_UNSPECIFIED) {
      return InvalidField(path + ".alignment",
                          absl::StrCat("expected none with PERIOD_LIFETIME, found ",
                                       static_cast<int>(window.alignment())));
    }
    return out;
  }
  RETURN_IF_ERROR(CheckKnown(window.alignment(), static_cast<int>(core::Alignment::kGrant),
                             "alignment", path + ".alignment"));
  out.alignment = static_cast<core::Alignment>(window.alignment());
  return out;
}

absl::StatusOr<core::Limit> ReadLimit(const v1::Limit& limit, const std::string& path) {
  core::Limit out;
  out.id = limit.limit_id();
  ASSIGN_OR_RETURN(out.channels, ReadChannels(limit.channels(), path + ".channels"));
  if (out.channels.empty()) {
    return InvalidField(path + ".channels", "expected at least one channel, found none");
  }
  out.max = limit.max();
  if (limit.max_attempts() != 0) out.max_attempts = limit.max_attempts();
  if (!limit.has_window()) {
    return InvalidField(path + ".window", "expected a window, found none");
  }
  ASSIGN_OR_RETURN(out.window, ReadWindow(limit.window(), path + ".window"));
  return out;
}

absl::StatusOr<core::Span> ReadHours(const v1::Hours& hours, const std::string& path) {
  core::Span span{.days = 0, .from_minute = hours.from_minute(), .to_minute = hours.to_minute()};
  if (hours.days().empty()) {
    return InvalidField(path + ".days", "expected at least one day of the week, found none");
  }
  for (int i = 0; i < hours.days_size(); ++i) {
    RETURN_IF_ERROR(
        CheckKnown(hours.days(i), v1::WEEKDAY_SUNDAY, "weekday", Item(path + ".days", i)));
    span.days |= static_cast<uint8_t>(1u << (hours.days(i) - v1::WEEKDAY_MONDAY));
  }
  return span;
}

// The last word of a field of the core as the wire writes it.
std::string OnTheWire(std::string_view field) {
  const size_t dot = field.rfind('.');
  const bool inner = dot != std::string_view::npos;
  const std::string_view last = inner ? field.substr(dot + 1) : field;
  std::string out(inner ? field.substr(0, dot + 1) : std::string_view());
  if (last == "id") return out + (inner ? "limit_id" : "grant_id");
  if (last == "from" || last == "to") return out + std::string(last) + "_minute";
  return out.append(last);
}

// "grant limits[2].max: expected ..." as INVALID_FIELD of "claim.grant.limits[2].max".
absl::Status AsInvalidField(const absl::Status& status, const std::string& path) {
  const std::string message(status.message());
  constexpr std::string_view kPrefix = "grant ";
  const size_t begin = message.starts_with(kPrefix) ? kPrefix.size() : 0;
  const size_t colon = message.find(": ", begin);
  if (colon == std::string::npos) return InvalidField(path, message);
  const std::string field = OnTheWire(std::string_view(message).substr(begin, colon - begin));
  return InvalidField(absl::StrCat(path, ".", field), std::string_view(message).substr(colon + 2));
}

}  // namespace

absl::StatusOr<core::ChannelSet> ReadChannels(const google::protobuf::RepeatedField<int>& channels,
                                              const std::string& path) {
  return ReadSet<core::ChannelSet, core::Channel>(channels, core::kChannelMax, "channel", path);
}

absl::StatusOr<core::Grant> ReadGrant(const v1::Grant& grant, const std::string& path,
                                      const GrantSource& source) {
  core::Grant out;
  out.id = grant.grant_id();
  RETURN_IF_ERROR(CheckPartyId(grant.company(), path + ".company"));
  out.company = grant.company();
  ASSIGN_OR_RETURN(out.purposes,
                   (ReadSet<core::PurposeSet, core::Purpose>(grant.purposes(), core::kPurposeMax,
                                                             "purpose", path + ".purposes")));
  if (out.purposes.empty()) {
    return InvalidField(path + ".purposes", "expected at least one purpose, found none");
  }
  out.valid_from = source.arrival;
  if (grant.has_valid_from()) {
    ASSIGN_OR_RETURN(out.valid_from, ReadWholeSeconds(grant.valid_from(), path + ".valid_from"));
  }
  if (grant.has_valid_until()) {
    ASSIGN_OR_RETURN(out.valid_until, ReadWholeSeconds(grant.valid_until(), path + ".valid_until"));
  }
  for (int i = 0; i < grant.limits_size(); ++i) {
    ASSIGN_OR_RETURN(core::Limit limit, ReadLimit(grant.limits(i), Item(path + ".limits", i)));
    out.limits.push_back(std::move(limit));
  }
  for (int i = 0; i < grant.hours_size(); ++i) {
    ASSIGN_OR_RETURN(const core::Span span, ReadHours(grant.hours(i), Item(path + ".hours", i)));
    out.hours.push_back(span);
  }
  out.signed_by = source.signed_by;
  out.collected_at = source.collected_at;
  if (const absl::Status valid = core::ValidateGrant(out); !valid.ok()) {
    return AsInvalidField(valid, path);
  }
  return out;
}

}  // namespace consent::statement
