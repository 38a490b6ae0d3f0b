// SPDX-License-Identifier: Apache-2.0

#include "src/verify/describe.h"

#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/consent/event.h"
#include "src/consent/vocabulary.h"
#include "src/journal/event_parts.h"

namespace consent::verify {
namespace {

using Texts = std::map<std::string, std::string>;

std::string VerdictName(core::Verdict verdict) {
  switch (verdict) {
    case core::Verdict::kAllowed:
      return "ALLOWED";
    case core::Verdict::kDenied:
      return "DENIED";
    default:
      return std::to_string(static_cast<int>(verdict));
  }
}

void Put(Texts& texts, const char* name, std::string_view value) {
  if (!value.empty()) texts[name] = std::string(value);
}
void Put(Texts& texts, const char* name, const std::optional<Instant>& time) {
  if (time.has_value()) texts[name] = FormatInstant(*time);
}

void PutDecided(const core::Decided& decided, bool all, Texts& texts) {
  const core::Request& request = decided.request;
  Put(texts, "request_id", request.request_id);
  Put(texts, "channel", core::Name(request.channel));
  Put(texts, "purpose", core::Name(request.purpose));
  Put(texts, "caller_number", request.caller_number);
  Put(texts, "matter", core::Name(request.matter));
  Put(texts, "contract", request.contract);
  Put(texts, "processor", request.processor);
  Put(texts, "agent", request.agent);
  Put(texts, "agent_country", request.agent_country);
  if (request.hold.count > 0) texts["hold_s"] = std::to_string(request.hold.count);
  const core::Answer& answer = decided.answer;
  texts["answer"] = VerdictName(answer.verdict);
  Put(texts, "reason", core::Name(answer.reason));
  Put(texts, "basis", core::Name(answer.basis));
  Put(texts, "grant", answer.grant);
  Put(texts, "limit", answer.limit);
  Put(texts, "rule", answer.rule);
  for (const core::Remaining& remaining : answer.remaining) {
    texts[absl::StrCat("remaining ", remaining.limit)] = std::to_string(remaining.count);
  }
  Put(texts, "next_allowed", answer.next_allowed);
  Put(texts, "contact_before", answer.contact_before);
  if (!all) return;
  Put(texts, "true_reason", core::Name(decided.true_reason));
  Put(texts, "true_limit", decided.true_limit);
  Put(texts, "true_rule", decided.true_rule);
}

}  // namespace

std::string KindName(uint8_t kind) {
  const std::string_view name = core::Name(static_cast<core::Kind>(kind));
  if (!name.empty()) return std::string(name);
  switch (kind) {
    case static_cast<uint8_t>(journal::DirectoryKind::kPartyPut):
      return "PARTY_PUT";
    case static_cast<uint8_t>(journal::DirectoryKind::kKeyAdded):
      return "KEY_ADDED";
    case static_cast<uint8_t>(journal::DirectoryKind::kKeyRetired):
      return "KEY_RETIRED";
    case static_cast<uint8_t>(journal::DirectoryKind::kRulePackPut):
      return "RULE_PACK_PUT";
    case static_cast<uint8_t>(journal::DirectoryKind::kRulePackRetired):
      return "RULE_PACK_RETIRED";
    case static_cast<uint8_t>(journal::DirectoryKind::kNumberRegistered):
      return "NUMBER_REGISTERED";
    case static_cast<uint8_t>(journal::DirectoryKind::kNumberRetired):
      return "NUMBER_RETIRED";
    case static_cast<uint8_t>(journal::DirectoryKind::kDelegated):
      return "DELEGATED";
    case static_cast<uint8_t>(journal::DirectoryKind::kDelegationRevoked):
      return "DELEGATION_REVOKED";
    case static_cast<uint8_t>(journal::DirectoryKind::kListImported):
      return "LIST_IMPORTED";
    case static_cast<uint8_t>(journal::DirectoryKind::kStrangersAsked):
      return "STRANGERS_ASKED";
    default:
      return std::to_string(kind);
  }
}

std::string FormatInstant(Instant time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(time.unix_seconds),
                          absl::UTCTimeZone());
}

EntryShown Describe(const journal::Entry& entry) {
  EntryShown shown;
  shown.position = entry.position.value;
  shown.at = entry.at.unix_seconds;
  shown.kind = KindName(entry.kind);
  shown.channel = std::string(core::Name(entry.channel));
  shown.reason = std::string(core::Name(entry.reason));
  shown.company = entry.company;
  shown.directory_size = entry.directory_size.value;
  return shown;
}

Texts DescribeParts(const journal::Entry& entry, const journal::ShownParts& parts) {
  Texts texts;
  if (parts.contact.opened.has_value()) Put(texts, "contact_point", parts.contact.opened->bytes);
  if (!parts.company.opened.has_value()) return texts;
  const bool all = parts.ledger.opened.has_value();
  const auto event = all ? journal::ToEvent(entry, {.contact = {},
                                                    .company = parts.company.opened->bytes,
                                                    .ledger = parts.ledger.opened->bytes})
                         : journal::ToEventForCompany(entry, parts.company.opened->bytes);
  if (!event.ok()) return texts;
  Put(texts, "company", journal::CompanyOf(event->body));
  std::visit(
      [&](const auto& body) {
        using Body = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::is_same_v<Body, core::Decided>) PutDecided(body, all, texts);
        if constexpr (std::is_same_v<Body, core::Granted>) {
          Put(texts, "grant", body.grant.id);
          Put(texts, "valid_from", std::optional(body.grant.valid_from));
          if (body.grant.valid_until < kNever) {
            Put(texts, "valid_until", std::optional(body.grant.valid_until));
          }
        }
        if constexpr (std::is_same_v<Body, core::Revoked>) Put(texts, "grant", body.grant);
        if constexpr (std::is_same_v<Body, core::ContractClaimed>) {
          Put(texts, "contract", body.contract.id);
          Put(texts, "relation", core::Name(body.contract.relation));
          Put(texts, "object", body.contract.object);
        }
        if constexpr (std::is_same_v<Body, core::Contested>) Put(texts, "contract", body.contract);
        if constexpr (std::is_same_v<Body, core::CallbackAsked>) {
          Put(texts, "callback", body.callback.id);
          Put(texts, "valid_until", std::optional(body.callback.valid_until));
        }
        if constexpr (requires { body.permit; }) {
          texts["permit_entry"] = std::to_string(body.permit.value);
        }
        if constexpr (std::is_same_v<Body, core::Confirmed>) {
          Put(texts, "reason", core::Name(body.reason));
          Put(texts, "contact_before", body.contact_before);
        }
        if constexpr (std::is_same_v<Body, core::OutcomeReported>) {
          Put(texts, "outcome", core::Name(body.outcome));
        }
      },
      event->body);
  return texts;
}

}  // namespace consent::verify
