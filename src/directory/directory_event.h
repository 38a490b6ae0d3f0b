// SPDX-License-Identifier: Apache-2.0
//
// DirectoryEvent: what happened to the directory. Each event is one entry of its journal.
//
// The directory hides nothing: its openings are plain.
//
// Invariant: an event in the journal keeps the limits below; `Directory::Judge` lets no other in.

#ifndef CONSENT_DIRECTORY_DIRECTORY_EVENT_H_
#define CONSENT_DIRECTORY_DIRECTORY_EVENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/vocabulary.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"

namespace consent::directory {

inline constexpr size_t kPartyIdBytesMax = 64;
inline constexpr size_t kLegalNameBytesMax = 256;
inline constexpr size_t kKeysPerPartyMax = 256;
inline constexpr size_t kRulePacksMax = 32;            // Retired ones too.
inline constexpr size_t kNumbersPerCompanyMax = 1000;  // Different ones, retired ones too.
inline constexpr size_t kNumberBytesMax = 16;          // E.164 with its "+", or a name.
inline constexpr size_t kDelegationsPerCompanyMax = 256;
inline constexpr size_t kListsMax = 64;
inline constexpr size_t kListSourceBytesMax = 256;

enum class Role : uint8_t { kUnspecified = 0, kCompany = 1, kRegistrar = 2 };

struct PartyPut {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kPartyPut;
  std::string id;
  Role role = Role::kUnspecified;
  std::string legal_name;
  bool named_in_entries = false;
  std::string group = {};         // Of companies, as consumers may block it; empty: none.
  core::PurposeSet sectors = {};  // Of a company, for which law may ask no consent.
  template <class A>
  void Fields(A& a) {
    a(id), a(role), a(legal_name), a(named_in_entries), a(group), a(sectors);
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

// From now on the law of this very file is in force; it takes the place of another of its id.
struct RulePackPut {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kRulePackPut;
  std::string id;
  std::string version;  // "2026-11-22".
  Digest sha256;        // Of the file's exact bytes.
  template <class A>
  void Fields(A& a) {
    a(id), a(version), a(sha256);
  }
};
struct RulePackRetired {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kRulePackRetired;
  std::string id;
  template <class A>
  void Fields(A& a) {
    a(id);
  }
};

// A number, short code or name that the company shows to those it contacts, in its canonical form.
struct NumberRegistered {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kNumberRegistered;
  std::string company;
  std::string number;
  template <class A>
  void Fields(A& a) {
    a(company), a(number);
  }
};
struct NumberRetired {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kNumberRetired;
  std::string company;
  std::string number;
  template <class A>
  void Fields(A& a) {
    a(company), a(number);
  }
};

// Takes the place of another between the same three.
struct Delegated {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kDelegated;
  std::string company;
  std::string processor;
  std::string by;  // The processor who delegates on; empty: the company itself.
  Instant from;
  Instant until = kNever;  // Exclusive.
  template <class A>
  void Fields(A& a) {
    a(company), a(processor), a(by), a(from), a(until);
  }
};
// Ends every delegation of the company's to the processor, by whomever it was made.
struct DelegationRevoked {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kDelegationRevoked;
  std::string company;
  std::string processor;
  template <class A>
  void Fields(A& a) {
    a(company), a(processor);
  }
};

// A new copy of a list came, at the entry's time.
struct ListImported {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kListImported;
  std::string list;
  std::string source;  // Where from, in words.
  template <class A>
  void Fields(A& a) {
    a(list), a(source);
  }
};

// A company has asked, since then, about so many people who gave it no permission that it is
// answered slowly from here on. So many, and not whom: an entry of the directory names nobody.
struct StrangersAsked {
  static constexpr journal::DirectoryKind kKind = journal::DirectoryKind::kStrangersAsked;
  std::string company;
  Instant since;
  uint64_t answers = 0;  // NO_PERMISSION, since then.
  template <class A>
  void Fields(A& a) {
    a(company), a(since), a(answers);
  }
};

using DirectoryEvent =
    std::variant<PartyPut, KeyAdded, KeyRetired, RulePackPut, RulePackRetired, NumberRegistered,
                 NumberRetired, Delegated, DelegationRevoked, ListImported, StrangersAsked>;

// OK when `id` is 1 to 64 characters of a-z, 0-9, '.', '_', '-'.
bool IsPartyId(std::string_view id);

journal::Parts ToParts(const DirectoryEvent& event);
// DataLoss for an entry of an unknown kind; InvalidArgument for bytes that no event encodes to.
absl::StatusOr<DirectoryEvent> ToDirectoryEvent(const journal::Entry& entry,
                                                const journal::Parts& parts);

}  // namespace consent::directory

#endif  // CONSENT_DIRECTORY_DIRECTORY_EVENT_H_
