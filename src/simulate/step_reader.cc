// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/step_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/simulate/grant_reader.h"

namespace consent::simulate {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::Node;

constexpr std::array<std::string_view, 10> kActions = {"grant",   "revoke",   "block",   "unblock",
                                                       "consume", "check",    "confirm", "release",
                                                       "outcome", "recovered"};

constexpr std::string_view kActionNames =
    "grant, revoke, block, unblock, consume, check, confirm, release, outcome or recovered";

bool IsAction(const Node& key) {
  return key.kind == Node::Kind::kText &&
         std::find(kActions.begin(), kActions.end(), key.text) != kActions.end();
}

}  // namespace

StepReader::StepReader(const std::vector<Consumer>& consumers, Errors& errors) : errors_(errors) {
  for (ConsumerIndex i = 0; i < consumers.size(); ++i) consumers_.try_emplace(consumers[i].id, i);
}

std::optional<Instant> StepReader::ReadTime(const Node& node) {
  const std::optional<Instant> at = ReadInstant(node, errors_);
  if (!at.has_value()) return std::nullopt;
  if (last_at_.has_value() && *at < *last_at_) {
    errors_.Add(node.line, absl::StrCat("expected a time not before that of the step above, found ",
                                        Describe(node)));
  }
  last_at_ = at;
  return at;
}

std::optional<ConsumerIndex> StepReader::ReadConsumer(Fields& fields) {
  const Node* node = fields.Required("consumer");
  if (node == nullptr) return std::nullopt;
  const std::optional<std::string> id = ReadText(*node, "a consumer's id", errors_);
  if (!id.has_value()) return std::nullopt;
  const auto found = consumers_.find(*id);
  if (found != consumers_.end()) return found->second;
  errors_.Add(node->line,
              absl::StrCat("expected the id of one of the consumers, found ", Describe(*id)));
  return std::nullopt;
}

GrantStep StepReader::ReadGrantStep(Fields& fields, std::optional<Instant> at) {
  const std::optional<ConsumerIndex> consumer = ReadConsumer(fields);
  GrantStep step{consumer.value_or(0), ReadGrant(fields, at, errors_)};
  if (!consumer.has_value() || step.grant.id.empty()) return step;
  const int line = fields.Optional("id")->line;
  const auto [it, added] =
      grant_lines_.try_emplace({*consumer, step.grant.company, step.grant.id}, line);
  if (!added) {
    errors_.Add(line,
                absl::StrCat("expected an id new for this consumer and company, found ",
                             Describe(step.grant.id), " again (first in line ", it->second, ")"));
  }
  return step;
}

RevokeStep StepReader::ReadRevoke(Fields& fields) {
  RevokeStep step;
  const std::optional<ConsumerIndex> consumer = ReadConsumer(fields);
  step.consumer = consumer.value_or(0);
  std::optional<std::string> company;
  if (const Node* node = fields.Required("company")) company = ReadCompany(*node, errors_);
  step.company = company.value_or("");
  const Node* node = fields.Optional("grant");
  if (node == nullptr) return step;
  step.grant = ReadId(*node, "a grant's id", errors_).value_or("");
  if (!consumer.has_value() || !company.has_value() || step.grant.empty()) return step;
  if (!grant_lines_.contains(GrantName{*consumer, step.company, step.grant})) {
    errors_.Add(node->line, absl::StrCat("expected the id of a grant given above by this consumer "
                                         "to this company, found ",
                                         Describe(step.grant)));
  }
  return step;
}

BlockStep StepReader::ReadBlock(Fields& fields) {
  BlockStep step;
  step.consumer = ReadConsumer(fields).value_or(0);
  if (const Node* node = fields.Required("company")) {
    step.company = ReadId(*node, "a company, or \"*\" for all,", errors_).value_or("");
  }
  step.channels = core::ChannelSet::All();
  const Node* node = fields.Optional("channels");
  const bool none = node != nullptr && node->kind == Node::Kind::kList && node->items.empty();
  if (node != nullptr && !none) {
    step.channels = ReadChannels(*node, errors_).value_or(core::ChannelSet{});
  }
  return step;
}

UnblockStep StepReader::ReadUnblock(Fields& fields) {
  UnblockStep step;
  step.consumer = ReadConsumer(fields).value_or(0);
  if (const Node* node = fields.Required("company")) {
    step.company = ReadId(*node, "a company, or \"*\",", errors_).value_or("");
  }
  return step;
}

core::Request StepReader::ReadRequest(Fields& fields) {
  core::Request request;
  if (const Node* node = fields.Required("company")) {
    request.company = ReadCompany(*node, errors_).value_or("");
  }
  if (const Node* node = fields.Required("channel")) {
    request.channel = ReadChannel(*node, errors_).value_or(core::Channel::kUnspecified);
  }
  if (const Node* node = fields.Required("purpose")) {
    request.purpose = ReadPurpose(*node, errors_).value_or(core::Purpose::kUnspecified);
  }
  if (const Node* node = fields.Optional("permit_ttl")) {
    request.permit_ttl = ReadDuration(*node, errors_).value_or(core::kPermitTtlDefault);
  }
  if (const Node* node = fields.Optional("caller_number")) {
    request.caller_number = ReadCallerNumber(*node, errors_).value_or("");
  }
  return request;
}

RecoveredStep StepReader::ReadRecovered(Fields& fields, std::optional<Instant> at) {
  RecoveredStep step;
  const Node* node = fields.Required("lost_from");
  if (node == nullptr) return step;
  const std::optional<Instant> from = ReadInstant(*node, errors_);
  step.lost_from = from.value_or(Instant{});
  if (from.has_value() && at.has_value() && *from > *at) {
    errors_.Add(node->line, absl::StrCat("expected a time not after that of the step, found ",
                                         Describe(*node)));
  }
  return step;
}

StepIndex StepReader::ReadOf(Fields& fields) {
  const Node* node = fields.Required("of");
  if (node == nullptr) return 0;
  const std::optional<int64_t> of =
      ReadNumber(*node, "the number of a step", {.min = 0, .max = INT64_C(999'999'999)}, errors_);
  if (!of.has_value()) return 0;
  const StepIndex index = static_cast<StepIndex>(*of);
  if (index < consumes_.size() && consumes_[index]) return index;
  errors_.Add(node->line,
              absl::StrCat("expected the number of an earlier consume step (the first step is 0), "
                           "found ",
                           *of, index < consumes_.size() ? ", which is no consume" : ""));
  return 0;
}

void StepReader::ReadAction(std::string_view action, const Node& node, std::optional<Instant> at,
                            Step& step) {
  const std::string what =
      absl::StrCat(action == "unblock" || action == "outcome" ? "an " : "a ", std::string(action));
  Fields fields(node, what, errors_);
  if (!fields.ok()) return;
  if (action == "grant") {
    step.action = ReadGrantStep(fields, at);
  } else if (action == "revoke") {
    step.action = ReadRevoke(fields);
  } else if (action == "block") {
    step.action = ReadBlock(fields);
  } else if (action == "unblock") {
    step.action = ReadUnblock(fields);
  } else if (action == "consume") {
    ConsumeStep consume{ReadConsumer(fields).value_or(0), ReadRequest(fields)};
    if (const Node* id = fields.Required("request_id")) {
      consume.request.request_id = ReadId(*id, "a request_id", errors_).value_or("");
    }
    if (const Node* hold = fields.Optional("hold")) {
      consume.request.hold = ReadDuration(*hold, errors_).value_or(Seconds{0});
    }
    step.action = std::move(consume);
  } else if (action == "check") {
    const ConsumerIndex consumer = ReadConsumer(fields).value_or(0);
    step.action = CheckStep{consumer, ReadRequest(fields)};
  } else if (action == "confirm") {
    step.action = ConfirmStep{ReadOf(fields)};
  } else if (action == "release") {
    step.action = ReleaseStep{ReadOf(fields)};
  } else if (action == "recovered") {
    step.action = ReadRecovered(fields, at);
  } else {
    OutcomeStep outcome{.of = ReadOf(fields)};
    if (const Node* word = fields.Required("outcome")) {
      outcome.outcome = ReadOutcome(*word, errors_).value_or(core::Outcome::kUnspecified);
    }
    step.action = outcome;
  }
  fields.Close();
}

Step StepReader::Read(const Node& node) {
  Step step;
  bool consumes = false;
  Fields fields(node, "a step", errors_);
  const Node* at_node = fields.Required("at");
  const std::optional<Instant> at = at_node == nullptr ? std::nullopt : ReadTime(*at_node);
  step.at = at.value_or(Instant{});

  int actions = 0;
  for (size_t i = 0; fields.ok() && i + 1 < node.items.size(); i += 2) {
    const Node& key = node.items[i];
    if (key.kind == Node::Kind::kText && key.text == "at") continue;
    ++actions;
    if (!IsAction(key)) {
      errors_.Add(key.line, absl::StrCat("expected a step that this release knows (",
                                         std::string(kActionNames), "), found ", Describe(key)));
    } else if (actions == 1) {
      consumes = key.text == "consume";
      ReadAction(key.text, node.items[i + 1], at, step);
    }
  }
  if (fields.ok() && actions != 1) {
    errors_.Add(node.line, absl::StrCat("expected one of ", std::string(kActionNames),
                                        " in a step, found ", actions));
  }
  consumes_.push_back(consumes);
  return step;
}

}  // namespace consent::simulate
