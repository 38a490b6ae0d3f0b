// SPDX-License-Identifier: Apache-2.0
//
// Entry: one leaf of a shard's journal, as the whole world may see it.
//
// An entry says that something was decided, when, on what channel and with what answer; not about
// whom. Who finds it: whoever is given the consumer's key of the year recomputes `tag`. What it
// was: `commitment` fixes it, an opening (opening.h) proves it. Exact bytes:
// docs/formats/entry.md, golden vectors in tests/golden/journal/.

#ifndef CONSENT_JOURNAL_ENTRY_H_
#define CONSENT_JOURNAL_ENTRY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/consent/vocabulary.h"

namespace consent::journal {

using Tag = FixedBytes<struct EntryTagTag, 16>;

// Kinds of the directory's entries; the others are core::Kind.
enum class DirectoryKind : uint8_t {
  kPartyPut = 64,
  kKeyAdded = 65,
  kKeyRetired = 66,
  kRulePackPut = 67,
  kRulePackRetired = 68,
  kNumberRegistered = 69,
  kNumberRetired = 70,
  kDelegated = 71,
  kDelegationRevoked = 72,
  kListImported = 73,
  kStrangersAsked = 74,
};

// No entry is longer, so that bundles can carry lengths of 16 bits.
inline constexpr size_t kEntryBytesMax = 1024;

struct Entry {
  static constexpr uint8_t kVersion = 1;

  uint8_t kind = 0;  // core::Kind or DirectoryKind.
  LeafIndex position;
  Instant at;  // Ledger time; never earlier than the entry before.
  core::Channel channel = core::Channel::kUnspecified;  // Of decisions.
  core::Reason reason = core::Reason::kUnspecified;     // As answered.
  TreeSize directory_size;  // The directory's size that it was decided at.
  Tag tag;
  Digest commitment;
  std::string company;  // Only where the directory says that entries may name it.

  friend bool operator==(const Entry&, const Entry&) = default;
  template <class A>
  void Fields(A& a) {
    uint8_t version = kVersion;
    a(version);
    if constexpr (A::kReading) {
      if (version != kVersion) a.Fail();
    }
    a(kind), a(position), a(at), a(channel), a(reason), a(directory_size), a(tag), a(commitment),
        a(company);
  }
};

// The entry of these leaf bytes. InvalidArgument for bytes that no Entry encodes to.
absl::StatusOr<Entry> ParseEntry(std::string_view leaf);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_ENTRY_H_
