// SPDX-License-Identifier: Apache-2.0
//
// Directory: what is not one consumer's. Companies, registrars, and the keys they sign with.
//
// A Directory is a value: the state after the first `size` entries of the directory's journal.
// Decisions are taken on one such value and cite its size, so that an auditor can take them again.

#ifndef CONSENT_LEDGER_DIRECTORY_H_
#define CONSENT_LEDGER_DIRECTORY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"

namespace consent::ledger {

inline constexpr size_t kPartyIdBytesMax = 64;
inline constexpr size_t kLegalNameBytesMax = 256;
inline constexpr size_t kKeysPerPartyMax = 256;

enum class Role : uint8_t { kUnspecified = 0, kCompany = 1, kRegistrar = 2 };

struct PartyKey {
  KeyId id;
  std::string spki;
  Instant added_at;
  std::optional<Instant> retired_at;  // None: believed.
};

struct Party {
  std::string id;
  Role role = Role::kUnspecified;
  std::string legal_name;
  bool named_in_entries = false;
  std::vector<PartyKey> keys;
  LeafIndex last_change;
};

// The directory's events; each is one entry of its journal.
struct PartyPut {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kPartyPut;
  std::string id;
  Role role = Role::kUnspecified;
  std::string legal_name;
  bool named_in_entries = false;
  template <class A>
  void Fields(A& a) {
    a(id), a(role), a(legal_name), a(named_in_entries);
  }
};
struct KeyAdded {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kKeyAdded;
  std::string party;
  KeyId key;
  std::string spki;
  template <class A>
  void Fields(A& a) {
    a(party), a(key), a(spki);
  }
};
struct KeyRetired {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kKeyRetired;
  std::string party;
  KeyId key;
  template <class A>
  void Fields(A& a) {
    a(party), a(key);
  }
};
using DirectoryEvent = std::variant<PartyPut, KeyAdded, KeyRetired>;

// OK when `id` is 1 to 64 characters of a-z, 0-9, '.', '_', '-'.
bool IsPartyId(std::string_view id);

class Directory {
 public:
  TreeSize size() const { return size_; }
  const std::map<std::string, Party, std::less<>>& parties() const { return parties_; }

  // Null when there is no such party in this role.
  const Party* Find(std::string_view id, Role role) const;

  // Who holds a key that is believed now; null when nobody does.
  const Party* HolderOf(const KeyId& key) const;

  // Whether `event` may happen: nullopt means yes and it changes something; a position means that
  // nothing is left to change since that entry. An error says what is wrong: INVALID_FIELD,
  // UNKNOWN_COMPANY, UNKNOWN_REGISTRAR, or AlreadyExists for a name or key that is another's.
  absl::StatusOr<std::optional<LeafIndex>> Judge(const DirectoryEvent& event) const;

  // Takes in the event of the entry at `position`, which must be `size()`.
  void Apply(const DirectoryEvent& event, LeafIndex position, Instant at);
  // Passes over the entry at `position`, which must be `size()`: it changes nothing.
  void Pass(LeafIndex position) { size_ = TreeSize{position.value + 1}; }

 private:
  TreeSize size_;
  std::map<std::string, Party, std::less<>> parties_;
  absl::flat_hash_map<KeyId, std::string> holders_;  // Of all keys ever, retired ones too.
};

// The events as entries. The directory hides nothing: its openings are plain.
journal::Parts ToParts(const DirectoryEvent& event);
absl::StatusOr<DirectoryEvent> ToDirectoryEvent(const journal::Entry& entry,
                                                const journal::Parts& parts);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_DIRECTORY_H_
