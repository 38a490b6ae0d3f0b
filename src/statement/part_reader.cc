// SPDX-License-Identifier: Apache-2.0

#include "src/statement/part_reader.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"

namespace consent::statement {
namespace {

std::string Item(const std::string& path, int index) { return absl::StrCat(path, "[", index, "]"); }

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
  ASSIGN_OR_RETURN(out.channels, ReadSomeChannels(limit.channels(), path + ".channels"));
  out.max = limit.max();
  if (limit.max_attempts() != 0) out.max_attempts = limit.max_attempts();
  if (!limit.has_window()) {
    return InvalidField(path + ".window", "expected a window, found none");
  }
  ASSIGN_OR_RETURN(out.window, ReadWindow(limit.window(), path + ".window"));
  return out;
}

absl::StatusOr<core::Span> ReadSpan(const v1::Hours& hours, const std::string& path) {
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
std::string OnTheWire(std::string_view field, std::string_view id_field) {
  const size_t dot = field.rfind('.');
  const bool inner = dot != std::string_view::npos;
  std::string_view last = inner ? field.substr(dot + 1) : field;
  last = last.substr(0, last.find(' '));  // "object length" is about the object.
  std::string out(inner ? field.substr(0, dot + 1) : std::string_view());
  if (last == "id") return out.append(inner ? "limit_id" : id_field);
  if (last == "from" || last == "to") return out + std::string(last) + "_minute";
  return out.append(last);
}

}  // namespace

absl::Status CheckKnown(int value, int max, const char* what, const std::string& field) {
  if (value >= 1 && value <= max) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("expected a ", what, " that this ledger knows (1 to ",
                                          max, "), found ", value));
}

absl::StatusOr<core::ChannelSet> ReadChannels(const google::protobuf::RepeatedField<int>& channels,
                                              const std::string& path) {
  return ReadSet<core::ChannelSet, core::Channel>(channels, core::kChannelMax, "channel", path);
}

absl::StatusOr<core::PurposeSet> ReadPurposes(const google::protobuf::RepeatedField<int>& purposes,
                                              const std::string& path) {
  return ReadSet<core::PurposeSet, core::Purpose>(purposes, core::kPurposeMax, "purpose", path);
}

absl::StatusOr<core::ChannelSet> ReadSomeChannels(
    const google::protobuf::RepeatedField<int>& channels, const std::string& path) {
  if (channels.empty()) return InvalidField(path, "expected at least one channel, found none");
  return ReadChannels(channels, path);
}

absl::StatusOr<core::PurposeSet> ReadSomePurposes(
    const google::protobuf::RepeatedField<int>& purposes, const std::string& path) {
  if (purposes.empty()) return InvalidField(path, "expected at least one purpose, found none");
  return ReadPurposes(purposes, path);
}

absl::StatusOr<std::vector<core::Limit>> ReadLimits(
    const google::protobuf::RepeatedPtrField<v1::Limit>& limits, const std::string& path) {
  std::vector<core::Limit> out;
  for (int i = 0; i < limits.size(); ++i) {
    ASSIGN_OR_RETURN(out.emplace_back(), ReadLimit(limits[i], Item(path, i)));
  }
  return out;
}

absl::StatusOr<std::vector<core::Span>> ReadSpans(
    const google::protobuf::RepeatedPtrField<v1::Hours>& hours, const std::string& path) {
  std::vector<core::Span> out;
  for (int i = 0; i < hours.size(); ++i) {
    ASSIGN_OR_RETURN(out.emplace_back(), ReadSpan(hours[i], Item(path, i)));
  }
  return out;
}

absl::Status AsInvalidField(const absl::Status& status, const std::string& path,
                            const CoreWords& words) {
  const std::string message(status.message());
  const std::string prefix = absl::StrCat(std::string(words.subject), " ");
  const size_t begin = message.starts_with(prefix) ? prefix.size() : 0;
  const size_t colon = message.find(": ", begin);
  if (colon == std::string::npos) return InvalidField(path, message);
  const std::string field =
      OnTheWire(std::string_view(message).substr(begin, colon - begin), words.id_field);
  return InvalidField(absl::StrCat(path, ".", field), std::string_view(message).substr(colon + 2));
}

}  // namespace consent::statement
