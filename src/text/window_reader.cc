// SPDX-License-Identifier: Apache-2.0

#include "src/text/window_reader.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"

namespace consent::text {

core::Window ReadWindow(const Node& node, Errors& errors) {
  core::Window window;
  Fields fields(node, "a window", errors);
  const Node* period_node = fields.Required("period");
  const Node* count_node = fields.Optional("count");
  const Node* alignment_node = fields.Optional("alignment");
  fields.Close();
  if (period_node == nullptr) return window;

  const std::optional<int> period =
      ReadWord(*period_node, {"DAY", "WEEK", "MONTH", "YEAR", "LIFETIME"}, errors);
  if (!period.has_value()) return window;
  window.period = static_cast<core::Period>(*period + 1);
  if (window.period == core::Period::kLifetime) {
    if (alignment_node != nullptr) {
      errors.Add(alignment_node->line, "expected no alignment beside LIFETIME, found one");
    }
    if (count_node != nullptr) {
      errors.Add(count_node->line, "expected no count beside LIFETIME, found one");
    }
    return window;
  }
  if (count_node != nullptr) {
    window.count = static_cast<int32_t>(
        ReadNumber(*count_node, "count", {.min = 1, .max = core::kPeriodsMax}, errors).value_or(1));
  }
  if (alignment_node == nullptr) {
    errors.Add(fields.line(), "expected an alignment (CALENDAR, ROLLING or GRANT), found none");
    return window;
  }
  const std::optional<int> alignment =
      ReadWord(*alignment_node, {"CALENDAR", "ROLLING", "GRANT"}, errors);
  if (alignment.has_value()) window.alignment = static_cast<core::Alignment>(*alignment + 1);
  return window;
}

core::Window ReadLength(const Node& node, Errors& errors) {
  core::Window length;
  Fields fields(node, "a length of time", errors);
  if (const Node* period = fields.Required("period")) {
    const auto word = ReadWord(*period, {"DAY", "WEEK", "MONTH", "YEAR"}, errors);
    if (word.has_value()) length.period = static_cast<core::Period>(*word + 1);
  }
  if (const Node* count = fields.Optional("count")) {
    length.count = static_cast<int32_t>(
        ReadNumber(*count, "count", {.min = 1, .max = core::kPeriodsMax}, errors).value_or(1));
  }
  fields.Close();
  return length;
}

namespace {

core::Span ReadSpan(const Node& node, Errors& errors) {
  core::Span span;
  Fields fields(node, "a span of hours", errors);
  const Node* days = fields.Required("days");
  const Node* from_node = fields.Required("from");
  const Node* to_node = fields.Required("to");
  fields.Close();
  if (days != nullptr) span.days = ReadDays(*days, errors).value_or(0);
  std::optional<int32_t> from;
  std::optional<int32_t> to;
  if (from_node != nullptr) from = ReadWallClock(*from_node, {.end_of_day = false}, errors);
  if (to_node != nullptr) to = ReadWallClock(*to_node, {.end_of_day = true}, errors);
  if (!from.has_value() || !to.has_value()) return span;
  if (*from >= *to) {
    errors.Add(to_node->line, absl::StrCat("expected `to` after `from` on the same day, found ",
                                           Describe(*from_node), " to ", Describe(*to_node)));
  }
  span.from_minute = *from;
  span.to_minute = *to;
  return span;
}

}  // namespace

std::vector<core::Span> ReadHours(const Node& node, Errors& errors) {
  std::vector<core::Span> spans;
  const std::vector<Node>* list = ReadList(node, "spans of hours", errors);
  if (list == nullptr) return spans;
  if (list->size() > core::kSpansMax) {
    errors.Add(node.line,
               absl::StrCat("expected at most ", core::kSpansMax, " spans, found ", list->size()));
    return spans;
  }
  for (const Node& item : *list) spans.push_back(ReadSpan(item, errors));
  return spans;
}

}  // namespace consent::text
