// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/word_reader.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/simulate/part_reader.h"
#include "src/text/window_reader.h"

namespace consent::simulate {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::Node;

std::string ReadName(Fields& fields, std::string_view key, std::string_view what, Errors& errors) {
  const Node* node = fields.Required(key);
  return node == nullptr ? "" : ReadId(*node, what, errors).value_or("");
}

std::string ReadOptionalName(Fields& fields, std::string_view key, std::string_view what,
                             Errors& errors) {
  const Node* node = fields.Optional(key);
  return node == nullptr ? "" : ReadId(*node, what, errors).value_or("");
}

std::string ReadCompanyKey(Fields& fields, Errors& errors) {
  const Node* node = fields.Required("company");
  return node == nullptr ? "" : ReadCompany(*node, errors).value_or("");
}

bool ReadFlag(Fields& fields, std::string_view key, Errors& errors) {
  const Node* node = fields.Optional(key);
  return node != nullptr && ReadBool(*node, errors).value_or(false);
}

bool IsEmptyList(const Node& node) { return node.kind == Node::Kind::kList && node.items.empty(); }

// Channels and purposes that a block names; missing or empty: all.
core::ChannelSet ReadChannelsOrAll(Fields& fields, Errors& errors) {
  const Node* node = fields.Optional("channels");
  if (node == nullptr || IsEmptyList(*node)) return core::ChannelSet::All();
  return ReadChannels(*node, errors).value_or(core::ChannelSet{});
}

core::PurposeSet ReadPurposesOr(Fields& fields, core::PurposeSet unless_said, Errors& errors) {
  const Node* node = fields.Optional("purposes");
  if (node == nullptr || IsEmptyList(*node)) return unless_said;
  return ReadPurposes(*node, errors).value_or(core::PurposeSet{});
}

// Preferences know no grant whose anniversaries or lifetime they could count.
void CheckWindows(const Node& node, const std::vector<core::Limit>& limits, Errors& errors) {
  for (const core::Limit& limit : limits) {
    const core::Alignment alignment = limit.window.alignment;
    if (alignment == core::Alignment::kCalendar || alignment == core::Alignment::kRolling) continue;
    if (limit.window.period == core::Period::kUnspecified) continue;  // A fault already.
    errors.Add(node.line, absl::StrCat("expected CALENDAR or ROLLING windows in preferences, found "
                                       "another in ",
                                       Describe(limit.id)));
  }
}

bool IsText(core::Channel channel) {
  return channel == core::Channel::kSms || channel == core::Channel::kMms ||
         channel == core::Channel::kMessaging;
}

void ReadWho(Fields& fields, core::Request& request, Errors& errors) {
  if (const Node* node = fields.Optional("caller_number")) {
    request.caller_number =
        (IsText(request.channel) ? ReadSender(*node, errors) : ReadCallerNumber(*node, errors))
            .value_or("");
  }
  request.processor = ReadOptionalName(fields, "processor", "a processor", errors);
  request.agent = ReadOptionalName(fields, "agent", "an agent", errors);
  const Node* country = fields.Optional("agent_country");
  if (country == nullptr) return;
  const std::optional<std::string> code = ReadText(*country, "a country", errors);
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (code.has_value() && code->size() == 2 && is_capital((*code)[0]) && is_capital((*code)[1])) {
    request.agent_country = *code;
  } else if (code.has_value()) {
    errors.Add(country->line, absl::StrCat("expected a country by the two capitals of ISO 3166-1, "
                                           "found ",
                                           Describe(*country)));
  }
}

}  // namespace

Target ReadTarget(Fields& fields, Errors& errors) {
  constexpr std::array<std::pair<std::string_view, core::Whose>, 3> kKeys = {{
      {"company", core::Whose::kCompany},
      {"group", core::Whose::kGroup},
      {"processor", core::Whose::kProcessor},
  }};
  Target target;
  int given = 0;
  for (const auto& [key, whose] : kKeys) {
    const Node* node = fields.Optional(key);
    if (node == nullptr) continue;
    ++given;
    target.whose = whose;
    target.name =
        ReadId(*node, whose == core::Whose::kCompany ? "a company, or \"*\" for all," : key, errors)
            .value_or("");
  }
  if (given == 0) fields.Required("company");
  if (given > 1) {
    errors.Add(fields.line(), "expected one of company, group and processor, found several");
  }
  return target;
}

core::Block ReadBlock(Fields& fields, Errors& errors) {
  core::Block block;
  const Target target = ReadTarget(fields, errors);
  block.whose = target.whose;
  block.company = target.name;
  block.channels = ReadChannelsOrAll(fields, errors);
  block.purposes = ReadPurposesOr(fields, core::PurposeSet::All(), errors);
  return block;
}

core::Preferences ReadPreferences(Fields& fields, Errors& errors) {
  core::Preferences preferences;
  if (const Node* limits = fields.Optional("limits")) {
    preferences.limits = ReadLimits(*limits, 0, errors);
    CheckWindows(*limits, preferences.limits, errors);
  }
  if (const Node* quiet = fields.Optional("quiet")) preferences.quiet = ReadHours(*quiet, errors);
  if (const Node* until = fields.Optional("pause_until")) {
    preferences.pause_until = ReadInstant(*until, errors);
  }
  preferences.purposes = ReadPurposesOr(fields, core::AllButService(), errors);
  return preferences;
}

core::Contract ReadContract(Fields& fields, std::optional<Instant> at, Errors& errors) {
  core::Contract contract;
  contract.id = ReadName(fields, "id", "a contract's id", errors);
  contract.company = ReadCompanyKey(fields, errors);
  if (const Node* relation = fields.Optional("relation")) {
    contract.relation = ReadRelation(*relation, errors).value_or(core::Relation::kContract);
  }
  contract.object = ReadOptionalName(fields, "object", "what the contract is about", errors);
  const Validity validity = ReadValidity(fields, at, errors);
  contract.valid_from = validity.from;
  contract.valid_until = validity.until;
  contract.similar_products = ReadFlag(fields, "similar_products", errors);
  const Source source = ReadSource(fields, at, core::Signer::kCompany, errors);
  contract.signed_by = source.signed_by;
  contract.collected_at = source.collected_at;
  return contract;
}

core::Callback ReadCallback(Fields& fields, std::optional<Instant> at, Errors& errors) {
  core::Callback callback;
  callback.id = ReadName(fields, "id", "a callback's id", errors);
  callback.company = ReadCompanyKey(fields, errors);
  callback.channels.Add(core::Channel::kCall);
  if (const Node* channels = fields.Optional("channels")) {
    callback.channels = ReadChannels(*channels, errors).value_or(core::ChannelSet{});
  }
  core::PurposeSet marketing;
  marketing.Add(core::Purpose::kDirectMarketing);
  callback.purposes = ReadPurposesOr(fields, marketing, errors);
  if (!fields.Has("valid_until")) fields.Required("valid_until");
  const Validity validity = ReadValidity(fields, at, errors);
  callback.valid_from = validity.from;
  callback.valid_until = validity.until;
  if (validity.until != kNever && validity.until - validity.from > core::kCallbackMax) {
    errors.Add(fields.line(), "expected a callback of at most 366 days, found a longer one");
  }
  const Source source = ReadSource(fields, at, core::Signer::kConsumer, errors);
  callback.signed_by = source.signed_by;
  callback.collected_at = source.collected_at;
  return callback;
}

ListStep ReadList(Fields& fields, std::optional<Instant> at, Errors& errors) {
  ListStep step;
  step.listing.list = ReadName(fields, "list", "a list's name", errors);
  step.listing.company = "*";
  if (!fields.Has("consumer")) return step;
  if (const Node* company = fields.Optional("company")) {
    step.listing.company = ReadId(*company, "a company, or \"*\" for all,", errors).value_or("");
  }
  std::optional<Instant> listed_at = at;
  if (const Node* listed = fields.Optional("listed_at")) {
    listed_at = ReadInstant(*listed, errors);
    if (listed_at.has_value() && at.has_value() && *at < *listed_at) {
      errors.Add(listed->line, absl::StrCat("expected listed_at not later than the step's `at`, "
                                            "found ",
                                            Describe(*listed)));
    }
  }
  step.listing.listed_at = listed_at.value_or(Instant{});
  step.removed = ReadFlag(fields, "removed", errors);
  return step;
}

core::Delegation ReadDelegation(Fields& fields, std::optional<Instant> at, Errors& errors) {
  core::Delegation delegation;
  delegation.company = ReadCompanyKey(fields, errors);
  delegation.processor = ReadName(fields, "processor", "a processor", errors);
  delegation.by = ReadOptionalName(fields, "by", "the processor who delegates on", errors);
  const Validity validity = ReadValidity(fields, at, errors);
  delegation.from = validity.from;
  delegation.until = validity.until;
  return delegation;
}

NumberStep ReadNumberStep(Fields& fields, Errors& errors) {
  NumberStep step;
  step.company = ReadCompanyKey(fields, errors);
  if (const Node* number = fields.Required("number")) {
    step.number = ReadSender(*number, errors).value_or("");
  }
  step.removed = ReadFlag(fields, "removed", errors);
  return step;
}

core::Request ReadRequest(Fields& fields, Errors& errors) {
  core::Request request;
  request.company = ReadCompanyKey(fields, errors);
  if (const Node* node = fields.Required("channel")) {
    request.channel = ReadChannel(*node, errors).value_or(core::Channel::kUnspecified);
  }
  if (const Node* node = fields.Required("purpose")) {
    request.purpose = ReadPurpose(*node, errors).value_or(core::Purpose::kUnspecified);
  }
  if (const Node* node = fields.Optional("permit_ttl")) {
    request.permit_ttl = ReadDuration(*node, errors).value_or(core::kPermitTtlDefault);
  }
  ReadWho(fields, request, errors);
  if (const Node* node = fields.Optional("subject")) {
    request.matter = ReadMatter(*node, errors).value_or(core::Matter::kUnspecified);
  }
  request.contract = ReadOptionalName(fields, "contract", "a contract's id", errors);
  return request;
}

}  // namespace consent::simulate
