// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/part_reader.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "src/text/window_reader.h"

namespace consent::simulate {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::Node;
using text::NumberRange;

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

}  // namespace

std::vector<core::Limit> ReadLimits(const Node& node, size_t least, Errors& errors) {
  std::vector<core::Limit> limits;
  const std::vector<Node>* list = ReadList(node, "limits", errors);
  if (list == nullptr) return limits;
  if (list->size() < least || list->size() > core::kLimitsMax) {
    errors.Add(node.line, absl::StrCat("expected ", least, " to ", core::kLimitsMax,
                                       " limits, found ", list->size()));
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

Validity ReadValidity(Fields& fields, std::optional<Instant> at, Errors& errors) {
  Validity validity;
  std::optional<Instant> from = at;
  if (const Node* node = fields.Optional("valid_from")) from = ReadInstant(*node, errors);
  validity.from = from.value_or(Instant{});
  if (const Node* until = fields.Optional("valid_until")) {
    const std::optional<Instant> read = ReadInstant(*until, errors);
    if (read.has_value() && from.has_value() && *read <= *from) {
      errors.Add(until->line,
                 absl::StrCat("expected valid_until after valid_from, found ", Describe(*until)));
    }
    validity.until = read.value_or(kNever);
  }
  return validity;
}

Source ReadSource(Fields& fields, std::optional<Instant> at, core::Signer unless_said,
                  Errors& errors) {
  Source source{.signed_by = unless_said, .collected_at = {}};
  if (const Node* signer = fields.Optional("signed_by")) {
    const std::optional<core::Signer> read = ReadSigner(*signer, errors);
    if (!read.has_value()) {
      fields.Optional("collected_at");
      return source;
    }
    source.signed_by = *read;
  }
  const bool claim = source.signed_by != core::Signer::kConsumer;
  const Node* collected = claim ? fields.Required("collected_at") : fields.Optional("collected_at");
  if (collected == nullptr) return source;
  if (!claim) {
    errors.Add(collected->line,
               "expected collected_at beside signed_by: REGISTRAR or COMPANY alone, found it in a "
               "statement that the consumer signed");
    return source;
  }
  const std::optional<Instant> read = ReadInstant(*collected, errors);
  if (!read.has_value()) return source;
  source.collected_at = *read;
  if (at.has_value() && *at < *read) {
    errors.Add(collected->line, absl::StrCat("expected collected_at not later than the step's `at`"
                                             ", found ",
                                             Describe(*collected)));
  }
  return source;
}

}  // namespace consent::simulate
