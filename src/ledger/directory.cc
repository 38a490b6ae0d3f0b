// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

absl::Status UnknownParty() {
  return Fault(absl::StatusCode::kNotFound, "UNKNOWN_COMPANY",
               "party_id: the directory has no such party; add it first (PutParty)");
}

PartyKey* FindKey(Party& party, const KeyId& id) {
  const auto key = std::find_if(party.keys.begin(), party.keys.end(),
                                [&id](const PartyKey& candidate) { return candidate.id == id; });
  return key == party.keys.end() ? nullptr : &*key;
}

const PartyKey* FindKey(const Party& party, const KeyId& id) {
  return FindKey(const_cast<Party&>(party), id);
}

template <class Event>
absl::StatusOr<DirectoryEvent> DecodeAs(std::string_view bytes) {
  ASSIGN_OR_RETURN(Event event, Decode<Event>(bytes));
  return DirectoryEvent(std::move(event));
}

}  // namespace

bool IsPartyId(std::string_view id) {
  return !id.empty() && id.size() <= kPartyIdBytesMax &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_' ||
                  c == '-';
         });
}

const Party* Directory::Find(std::string_view id, Role role) const {
  const auto party = parties_.find(id);
  return party != parties_.end() && party->second.role == role ? &party->second : nullptr;
}

const Party* Directory::HolderOf(const KeyId& key) const {
  const auto holder = holders_.find(key);
  if (holder == holders_.end()) return nullptr;
  const Party& party = parties_.at(holder->second);
  return FindKey(party, key)->retired_at.has_value() ? nullptr : &party;
}

absl::StatusOr<std::optional<LeafIndex>> Directory::Judge(const DirectoryEvent& event) const {
  using Verdict = absl::StatusOr<std::optional<LeafIndex>>;
  return std::visit(
      Overloaded{
          [this](const PartyPut& put) -> Verdict {
            if (!IsPartyId(put.id)) {
              return InvalidField("party.party_id",
                                  "expected 1 to 64 characters of a-z, 0-9, '.', '_' or '-'");
            }
            if (put.role != Role::kCompany && put.role != Role::kRegistrar) {
              return InvalidField("party.role", "expected COMPANY or REGISTRAR");
            }
            if (put.legal_name.empty() || put.legal_name.size() > kLegalNameBytesMax) {
              return InvalidField("party.legal_name", "expected 1 to 256 bytes");
            }
            const auto known = parties_.find(put.id);
            if (known == parties_.end()) return std::nullopt;
            const Party& party = known->second;
            if (party.role != put.role) {
              return absl::AlreadyExistsError(
                  "party.role: a party of this name has the other role; a name keeps its role");
            }
            const bool same = party.legal_name == put.legal_name &&
                              party.named_in_entries == put.named_in_entries;
            return same ? std::optional(party.last_change) : std::nullopt;
          },
          [this](const KeyAdded& added) -> Verdict {
            const auto party = parties_.find(added.party);
            if (party == parties_.end()) return UnknownParty();
            if (const auto holder = holders_.find(added.key); holder != holders_.end()) {
              const bool same = holder->second == added.party &&
                                !FindKey(party->second, added.key)->retired_at.has_value();
              if (same) return party->second.last_change;
              return absl::AlreadyExistsError(
                  "public_key: this key has been another party's or was retired; a key belongs to "
                  "one party and never comes back");
            }
            if (party->second.keys.size() >= kKeysPerPartyMax) {
              return absl::ResourceExhaustedError("party_id: a party has at most 256 keys");
            }
            return std::nullopt;
          },
          [this](const KeyRetired& retired) -> Verdict {
            const auto party = parties_.find(retired.party);
            if (party == parties_.end()) return UnknownParty();
            const PartyKey* const key = FindKey(party->second, retired.key);
            if (key == nullptr) {
              return Fault(absl::StatusCode::kNotFound, "UNKNOWN_KEY",
                           "key_id: the party has no such key");
            }
            return key->retired_at.has_value() ? std::optional(party->second.last_change)
                                               : std::nullopt;
          },
      },
      event);
}

void Directory::Apply(const DirectoryEvent& event, LeafIndex position, Instant at) {
  const std::string& id = std::visit(
      Overloaded{[](const PartyPut& put) -> const std::string& { return put.id; },
                 [](const auto& key_event) -> const std::string& { return key_event.party; }},
      event);
  Party& party = parties_[id];
  party.last_change = position;
  std::visit(Overloaded{[&party](const PartyPut& put) {
                          party.id = put.id;
                          party.role = put.role;
                          party.legal_name = put.legal_name;
                          party.named_in_entries = put.named_in_entries;
                        },
                        [this, &party, at](const KeyAdded& added) {
                          party.keys.push_back({added.key, added.spki, at, std::nullopt});
                          holders_[added.key] = added.party;
                        },
                        [&party, at](const KeyRetired& retired) {
                          FindKey(party, retired.key)->retired_at = at;
                        }},
             event);
  size_ = TreeSize{position.value + 1};
}

journal::Parts ToParts(const DirectoryEvent& event) {
  return {.contact = {},
          .company = std::visit([](const auto& concrete) { return Encode(concrete); }, event),
          .ledger = {}};
}

absl::StatusOr<DirectoryEvent> ToDirectoryEvent(const journal::Entry& entry,
                                                const journal::Parts& parts) {
  switch (static_cast<journal::DirectoryKind>(entry.kind)) {
    case journal::DirectoryKind::kPartyPut:
      return DecodeAs<PartyPut>(parts.company);
    case journal::DirectoryKind::kKeyAdded:
      return DecodeAs<KeyAdded>(parts.company);
    case journal::DirectoryKind::kKeyRetired:
      return DecodeAs<KeyRetired>(parts.company);
  }
  return absl::DataLossError(
      absl::StrCat("directory leaf ", entry.position.value, ": unknown kind ", entry.kind));
}

}  // namespace consent::ledger
