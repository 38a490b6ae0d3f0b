// SPDX-License-Identifier: Apache-2.0
//
// Whether an event may happen to a directory.

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/directory/directory.h"
#include "src/rules/pack.h"

namespace consent::directory {
namespace {

using Verdict = absl::StatusOr<std::optional<LeafIndex>>;

absl::Status UnknownParty() {
  return Fault(absl::StatusCode::kNotFound, "UNKNOWN_COMPANY",
               "party_id: the directory has no such party; add it first (PutParty)");
}

absl::Status ExpectedId(std::string_view field) {
  return InvalidField(field, "expected 1 to 64 characters of a-z, 0-9, '.', '_' or '-'");
}

absl::Status TooMany(std::string_view field, std::string_view what, size_t max) {
  return absl::ResourceExhaustedError(
      absl::StrCat(std::string(field), ": at most ", max, " ", std::string(what)));
}

const PartyKey* FindKey(const Party& party, const KeyId& id) {
  const auto key = std::find_if(party.keys.begin(), party.keys.end(),
                                [&id](const PartyKey& candidate) { return candidate.id == id; });
  return key == party.keys.end() ? nullptr : &*key;
}

bool IsVersion(const std::string& text) {
  absl::CivilDay day;
  return absl::ParseCivilTime(text, &day) && absl::FormatCivilTime(day) == text;
}

}  // namespace

class Directory::Judging {
 public:
  explicit Judging(const Directory& directory) : directory_(directory) {}

  Verdict operator()(const PartyPut& put) const {
    if (!IsPartyId(put.id)) return ExpectedId("party.party_id");
    if (put.role != Role::kCompany && put.role != Role::kRegistrar) {
      return InvalidField("party.role", "expected COMPANY or REGISTRAR");
    }
    if (put.legal_name.empty() || put.legal_name.size() > kLegalNameBytesMax) {
      return InvalidField("party.legal_name", "expected 1 to 256 bytes");
    }
    if (!put.group.empty() && !IsPartyId(put.group)) return ExpectedId("party.group");
    if (put.role == Role::kRegistrar && (!put.group.empty() || !put.sectors.empty())) {
      return InvalidField("party.role", "only a company has a group and sectors");
    }
    const auto known = directory_.parties_.find(put.id);
    if (known == directory_.parties_.end()) return std::nullopt;
    const Party& party = known->second;
    if (party.role != put.role) {
      return absl::AlreadyExistsError(
          "party.role: a party of this name has the other role; a name keeps its role");
    }
    const bool same = party.legal_name == put.legal_name &&
                      party.named_in_entries == put.named_in_entries &&
                      party.asker.group == put.group && party.asker.sectors == put.sectors;
    return same ? std::optional(party.last_change) : std::nullopt;
  }

  Verdict operator()(const KeyAdded& added) const {
    const auto party = directory_.parties_.find(added.party);
    if (party == directory_.parties_.end()) return UnknownParty();
    const auto holder = directory_.holders_.find(added.key);
    if (holder != directory_.holders_.end()) {
      const bool same = holder->second == added.party &&
                        !FindKey(party->second, added.key)->retired_at.has_value();
      if (same) return party->second.last_change;
      return absl::AlreadyExistsError(
          "public_key: this key has been another party's or was retired; a key belongs to one "
          "party and never comes back");
    }
    if (party->second.keys.size() >= kKeysPerPartyMax) {
      return TooMany("party_id", "keys a party", kKeysPerPartyMax);
    }
    return std::nullopt;
  }

  Verdict operator()(const KeyRetired& retired) const {
    const auto party = directory_.parties_.find(retired.party);
    if (party == directory_.parties_.end()) return UnknownParty();
    const PartyKey* const key = FindKey(party->second, retired.key);
    if (key == nullptr) {
      return Fault(absl::StatusCode::kNotFound, "UNKNOWN_KEY", "key_id: the party has no such key");
    }
    return key->retired_at.has_value() ? std::optional(party->second.last_change) : std::nullopt;
  }

  Verdict operator()(const RulePackPut& put) const {
    if (!IsPartyId(put.id) || put.id.size() > rules::kPackIdBytesMax) {
      return InvalidField("pack_id", "expected 1 to 16 characters of a-z, 0-9 or '_'");
    }
    if (!IsVersion(put.version)) return InvalidField("version", "expected a day: 2026-11-22");
    const auto known = directory_.rule_packs_.find(put.id);
    if (known == directory_.rule_packs_.end()) {
      if (directory_.rule_packs_.size() < kRulePacksMax) return std::nullopt;
      return TooMany("pack_id", "rule packs", kRulePacksMax);
    }
    const RulePack& pack = known->second;
    const bool same = pack.in_force && pack.version == put.version && pack.sha256 == put.sha256;
    return same ? std::optional(pack.last_change) : std::nullopt;
  }

  Verdict operator()(const RulePackRetired& retired) const {
    const auto known = directory_.rule_packs_.find(retired.id);
    if (known == directory_.rule_packs_.end()) {
      return absl::NotFoundError("pack_id: no rule pack of this id was ever in force");
    }
    return known->second.in_force ? std::nullopt : std::optional(known->second.last_change);
  }

  Verdict operator()(const NumberRegistered& registered) const {
    ASSIGN_OR_RETURN(const Party* const company, CompanyOf("company", registered.company));
    // Its exact form is for the one who takes it in to see; it must stay loadable for ever.
    const auto printable = [](unsigned char c) { return absl::ascii_isprint(c); };
    if (registered.number.empty() || registered.number.size() > kNumberBytesMax ||
        !std::all_of(registered.number.begin(), registered.number.end(), printable)) {
      return InvalidField("number", "expected 1 to 16 printable characters");
    }
    const NumberHolding* const holding = HoldingOf(registered.number, registered.company);
    if (holding != nullptr) {
      return holding->retired_at.has_value() ? std::nullopt : std::optional(company->last_change);
    }
    if (company->numbers_ever >= kNumbersPerCompanyMax) {
      return TooMany("number", "numbers a company, retired ones too", kNumbersPerCompanyMax);
    }
    return std::nullopt;
  }

  Verdict operator()(const NumberRetired& retired) const {
    ASSIGN_OR_RETURN(const Party* const company, CompanyOf("company", retired.company));
    const NumberHolding* const holding = HoldingOf(retired.number, retired.company);
    if (holding == nullptr) {
      return absl::NotFoundError("number: this company never registered it");
    }
    return holding->retired_at.has_value() ? std::optional(company->last_change) : std::nullopt;
  }

  Verdict operator()(const Delegated& delegated) const {
    ASSIGN_OR_RETURN(const Party* const company, CompanyOf("company", delegated.company));
    RETURN_IF_ERROR(CompanyOf("processor", delegated.processor).status());
    if (!delegated.by.empty()) {
      RETURN_IF_ERROR(CompanyOf("by", delegated.by).status());
    }
    if (delegated.processor == delegated.company || delegated.processor == delegated.by) {
      return InvalidField("processor", "expected another than who delegates");
    }
    if (delegated.by == delegated.company) {
      return InvalidField("by", "expected a processor, or nobody for the company itself");
    }
    if (delegated.until <= delegated.from) {
      return InvalidField("until", "expected a time after `from`");
    }
    for (const core::Delegation& known : company->delegations) {
      if (known.processor != delegated.processor || known.by != delegated.by) continue;
      const bool same = known.from == delegated.from && known.until == delegated.until;
      return same ? std::optional(company->last_change) : std::nullopt;
    }
    if (company->delegations.size() >= kDelegationsPerCompanyMax) {
      return TooMany("company", "delegations a company; revoke those that have ended",
                     kDelegationsPerCompanyMax);
    }
    return std::nullopt;
  }

  Verdict operator()(const DelegationRevoked& revoked) const {
    ASSIGN_OR_RETURN(const Party* const company, CompanyOf("company", revoked.company));
    const bool stands = std::any_of(
        company->delegations.begin(), company->delegations.end(),
        [&](const core::Delegation& known) { return known.processor == revoked.processor; });
    return stands ? std::nullopt : std::optional(company->last_change);
  }

  Verdict operator()(const ListImported& imported) const {
    if (!IsPartyId(imported.list)) return ExpectedId("list");
    if (imported.source.empty() || imported.source.size() > kListSourceBytesMax) {
      return InvalidField("source", "expected 1 to 256 bytes");
    }
    const bool known = std::any_of(
        directory_.lists_.begin(), directory_.lists_.end(),
        [&imported](const core::ListImport& list) { return list.list == imported.list; });
    if (!known && directory_.lists_.size() >= kListsMax) {
      return TooMany("list", "lists", kListsMax);
    }
    return std::nullopt;
  }

  Verdict operator()(const StrangersAsked& asked) const {
    ASSIGN_OR_RETURN(const Party* const company, CompanyOf("company", asked.company));
    if (asked.answers == 0) return InvalidField("answers", "expected 1 or more");
    // What began before the last one was noticed is the last one.
    if (company->strangers.has_value() && asked.since < company->strangers->noticed_at) {
      return company->strangers->entry;
    }
    return std::nullopt;
  }

 private:
  absl::StatusOr<const Party*> CompanyOf(std::string_view field, const std::string& id) const {
    const Party* const party = directory_.Find(id, Role::kCompany);
    if (party != nullptr) return party;
    return Fault(absl::StatusCode::kNotFound, "UNKNOWN_COMPANY",
                 absl::StrCat(std::string(field),
                              ": the directory has no such company; add it first (PutParty)"));
  }

  const NumberHolding* HoldingOf(const std::string& number, const std::string& company) const {
    for (const NumberHolding& holding : directory_.HoldersOf(number)) {
      if (holding.company == company) return &holding;
    }
    return nullptr;
  }

  const Directory& directory_;
};

Verdict Directory::Judge(const DirectoryEvent& event) const {
  return std::visit(Judging(*this), event);
}

}  // namespace consent::directory
