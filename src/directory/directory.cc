// SPDX-License-Identifier: Apache-2.0

#include "src/directory/directory.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/directory/law_in_force.h"
#include "src/journal/event_parts.h"
#include "src/journal/recovered.h"

namespace consent::directory {
namespace {

const PartyKey& KeyOf(const Party& party, const KeyId& id) {
  return *std::find_if(party.keys.begin(), party.keys.end(),
                       [&id](const PartyKey& key) { return key.id == id; });
}

}  // namespace

Directory::Directory(absl::Span<const rules::Pack> more)
    : more_packs_(more), law_(std::make_shared<const absl::StatusOr<core::Law>>(core::Law())) {}

const Party* Directory::Find(std::string_view id, Role role) const {
  const auto party = parties_.find(id);
  return party != parties_.end() && party->second.role == role ? &party->second : nullptr;
}

const Party* Directory::HolderOf(const KeyId& key) const {
  const auto holder = holders_.find(key);
  if (holder == holders_.end()) return nullptr;
  const Party& party = parties_.at(holder->second);
  return KeyOf(party, key).retired_at.has_value() ? nullptr : &party;
}

core::Asker Directory::AskerOf(std::string_view company, std::string_view processor,
                               Instant now) const {
  const Party* const party = Find(company, Role::kCompany);
  if (party == nullptr) return {};
  core::Asker asker = party->asker;
  if (!processor.empty()) {
    asker.delegation = core::FindDelegation(party->delegations, company, processor, now);
  }
  return asker;
}

absl::Span<const NumberHolding> Directory::HoldersOf(std::string_view number) const {
  const auto holdings = numbers_.find(number);
  if (holdings == numbers_.end()) return {};
  return holdings->second;
}

// Takes in one event.
class Directory::Change {
 public:
  Change(Directory& directory, LeafIndex position, Instant at)
      : directory_(directory), position_(position), at_(at) {}

  void operator()(const PartyPut& put) {
    Party& party = PartyOf(put.id);
    party.id = put.id;
    party.role = put.role;
    party.legal_name = put.legal_name;
    party.named_in_entries = put.named_in_entries;
    party.asker.group = put.group;
    party.asker.sectors = put.sectors;
  }

  void operator()(const KeyAdded& added) {
    PartyOf(added.party).keys.push_back({added.key, added.spki, at_, std::nullopt});
    directory_.holders_[added.key] = added.party;
  }

  void operator()(const KeyRetired& retired) {
    for (PartyKey& key : PartyOf(retired.party).keys) {
      if (key.id == retired.key) key.retired_at = at_;
    }
  }

  void operator()(const RulePackPut& put) {
    directory_.rule_packs_[put.id] = {put.version, put.sha256, /*in_force=*/true, position_};
    Enact();
  }

  void operator()(const RulePackRetired& retired) {
    RulePack& pack = directory_.rule_packs_[retired.id];
    pack.in_force = false;
    pack.last_change = position_;
    Enact();
  }

  void operator()(const NumberRegistered& registered) {
    Party& party = PartyOf(registered.company);
    auto& numbers = party.asker.numbers;
    numbers.insert(std::lower_bound(numbers.begin(), numbers.end(), registered.number,
                                    [](const core::RegisteredNumber& a, const std::string& b) {
                                      return a.number < b;
                                    }),
                   {registered.number, at_});
    auto& holdings = directory_.numbers_[registered.number];
    const auto known = HoldingOf(holdings, registered.company);
    if (known != holdings.end()) {
      known->registered_at = at_;
      known->retired_at.reset();
    } else {
      holdings.push_back({registered.company, at_, std::nullopt});
      ++party.numbers_ever;
    }
  }

  void operator()(const NumberRetired& retired) {
    std::erase_if(PartyOf(retired.company).asker.numbers,
                  [&](const core::RegisteredNumber& n) { return n.number == retired.number; });
    HoldingOf(directory_.numbers_[retired.number], retired.company)->retired_at = at_;
  }

  void operator()(const Delegated& delegated) {
    auto& delegations = PartyOf(delegated.company).delegations;
    std::erase_if(delegations, [&](const core::Delegation& known) {
      return known.processor == delegated.processor && known.by == delegated.by;
    });
    delegations.push_back(
        {delegated.company, delegated.processor, delegated.by, delegated.from, delegated.until});
  }

  void operator()(const DelegationRevoked& revoked) {
    std::erase_if(PartyOf(revoked.company).delegations, [&](const core::Delegation& known) {
      return known.processor == revoked.processor;
    });
  }

  void operator()(const ListImported& imported) {
    for (core::ListImport& known : directory_.lists_) {
      if (known.list == imported.list) {
        known.imported_at = at_;
        return;
      }
    }
    directory_.lists_.push_back({imported.list, at_});
  }

  // No change of the party's own.
  void operator()(const StrangersAsked& asked) {
    directory_.parties_[asked.company].strangers = {asked.since, at_, asked.answers, position_};
  }

 private:
  static std::vector<NumberHolding>::iterator HoldingOf(std::vector<NumberHolding>& holdings,
                                                        const std::string& company) {
    return std::find_if(holdings.begin(), holdings.end(), [&company](const NumberHolding& holding) {
      return holding.company == company;
    });
  }

  // The party, which now changes.
  Party& PartyOf(const std::string& id) {
    Party& party = directory_.parties_[id];
    party.last_change = position_;
    return party;
  }

  void Enact() {
    directory_.law_ = std::make_shared<const absl::StatusOr<core::Law>>(
        LawInForce(directory_.rule_packs_, directory_.more_packs_));
  }

  Directory& directory_;
  const LeafIndex position_;
  const Instant at_;
};

void Directory::Apply(const DirectoryEvent& event, LeafIndex position, Instant at) {
  std::visit(Change(*this, position, at), event);
  size_ = TreeSize{position.value + 1};
}

absl::Status Directory::Take(const journal::Entry& entry, const journal::Parts& parts) {
  const auto refuse = [&entry](std::string_view why) {
    return absl::DataLossError(
        absl::StrCat("directory leaf ", entry.position.value, ": ", std::string(why)));
  };
  if (entry.position.value != size_.value) return refuse("stands at another position than it says");
  if (journal::IsRecovered(entry)) {
    RETURN_IF_ERROR(journal::ToEvent(entry, parts).status());
    size_ = TreeSize{entry.position.value + 1};
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const DirectoryEvent event, ToDirectoryEvent(entry, parts));
  // What could not have happened would not be found again, or by the wrong name.
  const auto unchanged_since = Judge(event);
  if (!unchanged_since.ok() || unchanged_since->has_value()) {
    return refuse("does not follow from those before it");
  }
  Apply(event, entry.position, entry.at);
  return absl::OkStatus();
}

}  // namespace consent::directory
