// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/step_reader.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/simulate/grant_reader.h"
#include "src/simulate/word_reader.h"

namespace consent::simulate {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::Node;

constexpr std::string_view kActionNames =
    "grant, revoke, block, unblock, preferences, contract, contest, callback, list, holder, "
    "delegate, undelegate, number, consume, check, confirm, release, outcome or recovered";

// "a grant", "an outcome".
std::string WithArticle(std::string_view noun) {
  constexpr std::string_view kVowels = "aeiou";
  if (noun == "preferences") return std::string(noun);
  const bool vowel = !noun.empty() && kVowels.find(noun[0]) != std::string_view::npos;
  return absl::StrCat(vowel ? "an " : "a ", std::string(noun));
}

// The consumer whose own word the step is; none where it is nobody's or somebody else's.
struct SpeakerOf {
  using Speaker = std::optional<ConsumerIndex>;

  Speaker operator()(const GrantStep& step) const {
    return step.grant.signed_by == core::Signer::kConsumer ? Speaker(step.consumer) : Speaker();
  }
  Speaker operator()(const CallbackStep& step) const {
    return step.callback.signed_by == core::Signer::kConsumer ? Speaker(step.consumer) : Speaker();
  }
  Speaker operator()(const RevokeStep& step) const { return step.consumer; }
  Speaker operator()(const BlockStep& step) const { return step.consumer; }
  Speaker operator()(const UnblockStep& step) const { return step.consumer; }
  Speaker operator()(const PreferencesStep& step) const { return step.consumer; }
  Speaker operator()(const ContestStep& step) const { return step.consumer; }
  template <class Other>
  Speaker operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

StepReader::StepReader(const std::vector<Consumer>& consumers, Errors& errors)
    : people_(consumers), errors_(errors) {
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

ContestStep StepReader::ReadContest(Fields& fields) {
  ContestStep step;
  step.consumer = ReadConsumer(fields).value_or(0);
  if (const Node* node = fields.Required("company")) {
    step.company = ReadCompany(*node, errors_).value_or("");
  }
  if (const Node* node = fields.Optional("contract")) {
    step.contract = ReadId(*node, "a contract's id", errors_).value_or("");
  }
  return step;
}

ListStep StepReader::ReadListStep(Fields& fields, std::optional<Instant> at) {
  std::optional<ConsumerIndex> consumer;
  if (fields.Has("consumer")) consumer = ReadConsumer(fields).value_or(0);
  ListStep step = simulate::ReadList(fields, at, errors_);
  step.consumer = consumer;
  return step;
}

HolderStep StepReader::ReadHolder(Fields& fields) {
  HolderStep step;
  step.consumer = ReadConsumer(fields).value_or(0);
  if (const Node* node = fields.Optional("new")) {
    step.new_holder = ReadBool(*node, errors_).value_or(false);
  }
  if (const Node* node = fields.Optional("class")) {
    step.holder = ReadHolderClass(*node, errors_).value_or(core::HolderClass::kUnspecified);
  } else if (!step.new_holder) {
    fields.Required("class");
  }
  return step;
}

UndelegateStep StepReader::ReadUndelegate(Fields& fields) {
  UndelegateStep step;
  if (const Node* node = fields.Required("company")) {
    step.company = ReadCompany(*node, errors_).value_or("");
  }
  if (const Node* node = fields.Required("processor")) {
    step.processor = ReadId(*node, "a processor", errors_).value_or("");
  }
  return step;
}

ConsumeStep StepReader::ReadConsume(Fields& fields) {
  ConsumeStep step;
  step.consumer = ReadConsumer(fields).value_or(0);
  step.request = ReadRequest(fields, errors_);
  if (const Node* id = fields.Required("request_id")) {
    step.request.request_id = ReadId(*id, "a request_id", errors_).value_or("");
  }
  if (const Node* hold = fields.Optional("hold")) {
    step.request.hold = ReadDuration(*hold, errors_).value_or(Seconds{0});
  }
  return step;
}

OutcomeStep StepReader::ReadOutcomeStep(Fields& fields) {
  OutcomeStep step{.of = ReadOf(fields)};
  if (const Node* word = fields.Required("outcome")) {
    step.outcome = ReadOutcome(*word, errors_).value_or(core::Outcome::kUnspecified);
  }
  return step;
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

std::optional<size_t> StepReader::ReadKey(const Node& step, const Node* key, const Step& read) {
  const std::optional<ConsumerIndex> speaker = std::visit(SpeakerOf(), read.action);
  const bool shared =
      speaker.has_value() && *speaker < people_.size() && !people_[*speaker].keys.empty();
  if (key == nullptr) {
    if (shared) {
      errors_.Add(step.line, "expected a key that says whose word this is: the consumer has keys");
    }
    return std::nullopt;
  }
  if (!shared) {
    errors_.Add(key->line,
                "expected no key, found one: the step is no word of a consumer with keys");
    return std::nullopt;
  }
  const std::vector<std::string>& keys = people_[*speaker].keys;
  const std::optional<std::string> name = ReadText(*key, "one of the consumer's keys", errors_);
  if (!name.has_value()) return std::nullopt;
  const auto found = std::find(keys.begin(), keys.end(), *name);
  if (found != keys.end()) return static_cast<size_t>(found - keys.begin());
  errors_.Add(key->line,
              absl::StrCat("expected one of the consumer's keys, found ", Describe(*name)));
  return std::nullopt;
}

bool StepReader::ReadAction(std::string_view action, const Node& node, std::optional<Instant> at,
                            Step& step) {
  using Reader = std::function<void(Fields&)>;
  const auto consumer = [&](Fields& fields) { return ReadConsumer(fields).value_or(0); };
  const std::pair<std::string_view, Reader> readers[] = {
      {"grant", [&](Fields& f) { step.action = ReadGrantStep(f, at); }},
      {"revoke", [&](Fields& f) { step.action = ReadRevoke(f); }},
      {"block",
       [&](Fields& f) {
         step.action = BlockStep{consumer(f), ReadBlock(f, errors_)};
       }},
      {"unblock",
       [&](Fields& f) {
         const ConsumerIndex whom = consumer(f);
         Target target = ReadTarget(f, errors_);
         step.action = UnblockStep{whom, target.whose, std::move(target.name)};
       }},
      {"preferences",
       [&](Fields& f) {
         step.action = PreferencesStep{consumer(f), ReadPreferences(f, errors_)};
       }},
      {"contract",
       [&](Fields& f) {
         step.action = ContractStep{consumer(f), ReadContract(f, at, errors_)};
       }},
      {"contest", [&](Fields& f) { step.action = ReadContest(f); }},
      {"callback",
       [&](Fields& f) {
         step.action = CallbackStep{consumer(f), ReadCallback(f, at, errors_)};
       }},
      {"list", [&](Fields& f) { step.action = ReadListStep(f, at); }},
      {"holder", [&](Fields& f) { step.action = ReadHolder(f); }},
      {"delegate", [&](Fields& f) { step.action = DelegateStep{ReadDelegation(f, at, errors_)}; }},
      {"undelegate", [&](Fields& f) { step.action = ReadUndelegate(f); }},
      {"number", [&](Fields& f) { step.action = ReadNumberStep(f, errors_); }},
      {"consume", [&](Fields& f) { step.action = ReadConsume(f); }},
      {"check",
       [&](Fields& f) {
         step.action = CheckStep{consumer(f), ReadRequest(f, errors_)};
       }},
      {"confirm", [&](Fields& f) { step.action = ConfirmStep{ReadOf(f)}; }},
      {"release", [&](Fields& f) { step.action = ReleaseStep{ReadOf(f)}; }},
      {"outcome", [&](Fields& f) { step.action = ReadOutcomeStep(f); }},
      {"recovered", [&](Fields& f) { step.action = ReadRecovered(f, at); }},
  };
  for (const auto& [name, read] : readers) {
    if (name != action) continue;
    const std::string what = WithArticle(action);
    Fields fields(node, what, errors_);
    if (!fields.ok()) return true;
    read(fields);
    fields.Close();
    return true;
  }
  return false;
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
    if (key.kind == Node::Kind::kText && (key.text == "at" || key.text == "key")) continue;
    ++actions;
    if (actions > 1) continue;
    consumes = key.kind == Node::Kind::kText && key.text == "consume";
    if (key.kind != Node::Kind::kText || !ReadAction(key.text, node.items[i + 1], at, step)) {
      errors_.Add(key.line, absl::StrCat("expected a step that this release knows (",
                                         std::string(kActionNames), "), found ", Describe(key)));
    }
  }
  if (fields.ok() && actions != 1) {
    errors_.Add(node.line, absl::StrCat("expected one of ", std::string(kActionNames),
                                        " in a step, found ", actions));
  }
  consumes_.push_back(consumes);
  step.key = ReadKey(node, fields.Optional("key"), step);
  return step;
}

}  // namespace consent::simulate
