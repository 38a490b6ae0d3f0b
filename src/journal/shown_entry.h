// SPDX-License-Identifier: Apache-2.0
//
// ShownEntry: an entry, with as much of what it commits to as its reader may see.
//
// Each of the three parts (opening.h) is either opened, with the salt it was hashed with, or stands
// as its hash alone. Either way the commitment can be computed, so whoever trusts the entry trusts
// the parts; and a part that is only a hash says nothing, because its salt is unknown.
// Exact bytes: docs/formats/receipt.md.
//
// Threads: safe from any thread. No I/O.

#ifndef CONSENT_JOURNAL_SHOWN_ENTRY_H_
#define CONSENT_JOURNAL_SHOWN_ENTRY_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"

namespace consent::journal {

// A part in clear.
struct OpenedPart {
  Salt salt;
  std::string bytes;

  friend bool operator==(const OpenedPart&, const OpenedPart&) = default;
  template <class A>
  void Fields(A& a) {
    a(salt), a(bytes);
  }
};

// A part: in clear, or else its hash.
struct ShownPart {
  std::optional<OpenedPart> opened;
  Digest hash;  // Of a part that is not opened; zero otherwise.

  friend bool operator==(const ShownPart&, const ShownPart&) = default;
  template <class A>
  void Fields(A& a) {
    a(opened);
    if (!opened.has_value()) a(hash);
  }
};

struct ShownParts {
  ShownPart contact;
  ShownPart company;
  ShownPart ledger;

  friend bool operator==(const ShownParts&, const ShownParts&) = default;
  template <class A>
  void Fields(A& a) {
    a(contact), a(company), a(ledger);
  }
};

struct ShownEntry {
  static constexpr uint8_t kVersion = 1;

  std::string entry;  // The bytes of the leaf.
  // None: the entry alone; all that can be shown of one whose consumer was erased.
  std::optional<ShownParts> parts;

  friend bool operator==(const ShownEntry&, const ShownEntry&) = default;
  template <class A>
  void Fields(A& a) {
    uint8_t version = kVersion;
    a(version);
    if constexpr (A::kReading) {
      if (version != kVersion) a.Fail();
    }
    a(entry), a(parts);
  }
};

// Which parts to open.
enum class Shown {
  kCompanysPart,  // The contact point and what the company was told: what a receipt opens.
  kAll,           // The ledger's part too: for auditors.
};

// `leaf` (the bytes of an entry) with its parts, opened as far as `shown` says.
ShownEntry Show(std::string leaf, const Salts& salts, const Parts& parts, Shown shown);

// The entry, if it commits to the parts as shown. InvalidArgument when its bytes are no entry;
// DataLoss, naming its position, when it commits to others.
absl::StatusOr<Entry> CheckShown(const ShownEntry& shown);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_SHOWN_ENTRY_H_
