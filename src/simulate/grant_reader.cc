// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/grant_reader.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

namespace consent::simulate {
namespace {

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

core::Limit ReadLimit(const Node& node, Errors& errors) {
  core::Limit limit;
  Fields fields(node, "a limit", errors);
  const NumberRange range{.min = 1, .max = core::kMaxMax};
  if (const Node* id = fields.Required("id")) {
    limit.id = ReadId(*id, "a limit's id", errors).value_or("");
    if (limit.id.find('/') != std::string::npos) {
      errors.Add(id->line,
                 absl::StrCat("expected a limit's id without '/', found ", Describe(limit.id)));
    }
  }
  if (const Node* channels = fields.Required("channels")) {
    limit.channels = ReadChannels(*channels, errors).value_or(core::ChannelSet{});
  }
  if (const Node* max = fields.Required("max")) {
    limit.max = ReadNumber(*max, "max", range, errors).value_or(0);
  }
  if (const Node* attempts = fields.Optional("max_attempts")) {
    limit.max_attempts = ReadNumber(*attempts, "max_attempts", range, errors);
  }
  if (const Node* window = fields.Required("window")) limit.window = ReadWindow(*window, errors);
  fields.Close();
  return limit;
}

std::vector<core::Limit> ReadLimits(const Node& node, Errors& errors) {
  std::vector<core::Limit> limits;
  const std::vector<Node>* list = ReadList(node, "limits", errors);
  if (list == nullptr) return limits;
  if (list->empty() || list->size() > core::kLimitsMax) {
    errors.Add(node.line,
               absl::StrCat("expected 1 to ", core::kLimitsMax, " limits, found ", list->size()));
    return limits;
  }
  absl::flat_hash_map<std::string, int> lines;
  for (const Node& item : *list) {
    core::Limit limit = ReadLimit(item, errors);
    if (!limit.id.empty()) {
      const auto [it, added] = lines.try_emplace(limit.id, item.line);
      if (!added) {
        errors.Add(item.line,
                   absl::StrCat("expected limits with different ids, found ", Describe(limit.id),
                                " again (first in line ", it->second, ")"));
      }
    }
    limits.push_back(std::move(limit));
  }
  return limits;
}

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

// Who gave the grant, and of a claim when it was collected.
void ReadSigner(Fields& fields, std::optional<Instant> at, core::Grant& grant, Errors& errors) {
  if (const Node* signer = fields.Optional("signed_by")) {
    const std::optional<core::Signer> read = ReadSigner(*signer, errors);
    if (!read.has_value()) {
      fields.Optional("collected_at");
      return;
    }
    grant.signed_by = *read;
  }
  const bool claim = grant.signed_by != core::Signer::kConsumer;
  const Node* collected = claim ? fields.Required("collected_at") : fields.Optional("collected_at");
  if (collected == nullptr) return;
  if (!claim) {
    errors.Add(collected->line,
               "expected collected_at beside signed_by: REGISTRAR or COMPANY alone, found it in a "
               "grant that the consumer signed");
    return;
  }
  const std::optional<Instant> read = ReadInstant(*collected, errors);
  if (!read.has_value()) return;
  grant.collected_at = *read;
  if (at.has_value() && *at < *read) {
    errors.Add(collected->line, absl::StrCat("expected collected_at not later than the step's `at`"
                                             ", found ",
                                             Describe(*collected)));
  }
}

}  // namespace

core::Grant ReadGrant(Fields& fields, std::optional<Instant> at, Errors& errors) {
  core::Grant grant;
  if (const Node* id = fields.Required("id")) {
    grant.id = ReadId(*id, "a grant's id", errors).value_or("");
  }
  if (const Node* company = fields.Required("company")) {
    grant.company = ReadCompany(*company, errors).value_or("");
  }
  if (const Node* purposes = fields.Required("purposes")) {
    grant.purposes = ReadPurposes(*purposes, errors).value_or(core::PurposeSet{});
  }
  std::optional<Instant> valid_from = at;
  if (const Node* from = fields.Optional("valid_from")) valid_from = ReadInstant(*from, errors);
  grant.valid_from = valid_from.value_or(Instant{});
  if (const Node* until = fields.Optional("valid_until")) {
    const std::optional<Instant> read = ReadInstant(*until, errors);
    if (read.has_value() && valid_from.has_value() && *read <= *valid_from) {
      errors.Add(until->line,
                 absl::StrCat("expected valid_until after valid_from, found ", Describe(*until)));
    }
    grant.valid_until = read.value_or(kNever);
  }
  ReadSigner(fields, at, grant, errors);
  if (const Node* limits = fields.Required("limits")) grant.limits = ReadLimits(*limits, errors);
  if (const Node* hours = fields.Optional("hours")) grant.hours = ReadHours(*hours, errors);
  return grant;
}

}  // namespace consent::simulate
