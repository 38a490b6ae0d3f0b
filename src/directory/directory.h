// SPDX-License-Identifier: Apache-2.0
//
// Directory: what is not one consumer's. Companies, registrars and the keys they sign with; the
// law in force; who contacts for whom, which numbers companies show, how old the lists are.
//
// A Directory is a value: the state after the first `size` entries of the directory's journal.
// Decisions are taken on one such value and cite its size, so that an auditor can take them again.

#ifndef CONSENT_DIRECTORY_DIRECTORY_H_
#define CONSENT_DIRECTORY_DIRECTORY_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/asker.h"
#include "src/consent/delegation.h"
#include "src/consent/law.h"
#include "src/directory/directory_event.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"
#include "src/rules/pack.h"

namespace consent::directory {

struct PartyKey {
  KeyId id;
  std::string spki;
  Instant added_at;
  std::optional<Instant> retired_at;  // None: believed.
};

// The last time that a company asked about too many who gave it no permission.
struct StrangersNotice {
  Instant since;
  Instant noticed_at;
  uint64_t answers = 0;
  LeafIndex entry;
};

struct Party {
  std::string id;
  Role role = Role::kUnspecified;
  std::string legal_name;
  bool named_in_entries = false;
  std::vector<PartyKey> keys;
  core::Asker asker;  // Group, sectors and the numbers it shows now; no delegation.
  std::vector<core::Delegation> delegations;  // Of its contacts to others.
  size_t numbers_ever = 0;                    // Different ones that it registered.
  LeafIndex last_change;
  std::optional<StrangersNotice> strangers;  // None: never.
};

struct RulePack {
  std::string version;
  Digest sha256;
  bool in_force = false;  // Else retired.
  LeafIndex last_change;
};
using RulePacks = std::map<std::string, RulePack, std::less<>>;  // By id.

// Of one number, by one company.
struct NumberHolding {
  std::string company;
  Instant registered_at;              // For the last time.
  std::optional<Instant> retired_at;  // None: the company shows it.
};

class Directory {
 public:
  // Knows the law of the packs that this program carries, and of `more`, which last as long as it.
  explicit Directory(absl::Span<const rules::Pack> more = {});

  TreeSize size() const { return size_; }
  const std::map<std::string, Party, std::less<>>& parties() const { return parties_; }

  // Null when there is no such party in this role.
  const Party* Find(std::string_view id, Role role) const;

  // Who holds a key that is believed now; null when nobody does.
  const Party* HolderOf(const KeyId& key) const;

  const RulePacks& rule_packs() const { return rule_packs_; }
  // The rules of the packs in force, by the packs' ids. FailedPrecondition, RULE_PACK_MISSING,
  // where one of them is not known here: then nobody can tell what is forbidden, and no
  // contact may be allowed.
  const absl::StatusOr<core::Law>& law() const { return *law_; }

  // What decisions are told of `company`, and of `processor` if one contacts for it (empty: none),
  // as seen at `now`.
  core::Asker AskerOf(std::string_view company, std::string_view processor, Instant now) const;

  // Who registered this number, in the order of the first registrations.
  absl::Span<const NumberHolding> HoldersOf(std::string_view number) const;

  // The newest import of every list.
  const std::vector<core::ListImport>& lists() const { return lists_; }

  // Whether `event` may happen: nullopt means yes and it changes something; a position means that
  // nothing is left to change since that entry. An error says what is wrong: INVALID_FIELD,
  // UNKNOWN_COMPANY, UNKNOWN_KEY, AlreadyExists for a name or key that is another's, NotFound for
  // a pack or number that was never put, ResourceExhausted past a limit.
  absl::StatusOr<std::optional<LeafIndex>> Judge(const DirectoryEvent& event) const;

  // Takes in the event of the entry at `position`, which must be `size()`.
  void Apply(const DirectoryEvent& event, LeafIndex position, Instant at);
  // Takes in the journal's next entry, with the parts that it commits to. DataLoss, changing
  // nothing, when no directory could have written it here.
  absl::Status Take(const journal::Entry& entry, const journal::Parts& parts);

 private:
  class Judging;
  class Change;

  absl::Span<const rules::Pack> more_packs_;
  TreeSize size_;
  std::map<std::string, Party, std::less<>> parties_;
  absl::flat_hash_map<KeyId, std::string> holders_;  // Of all keys ever, retired ones too.
  RulePacks rule_packs_;
  std::shared_ptr<const absl::StatusOr<core::Law>> law_;  // Of rule_packs_; shared by copies.
  std::map<std::string, std::vector<NumberHolding>, std::less<>> numbers_;
  std::vector<core::ListImport> lists_;
};

}  // namespace consent::directory

#endif  // CONSENT_DIRECTORY_DIRECTORY_H_
