// SPDX-License-Identifier: Apache-2.0

#include "src/journal/shown_entry.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::journal {
namespace {

ShownPart ShowPart(PartNumber number, const Salt& salt, const std::string& bytes, bool opened) {
  if (opened) return {.opened = OpenedPart{salt, bytes}, .hash = {}};
  return {.opened = std::nullopt, .hash = HashOf(number, salt, bytes)};
}

Digest HashOf(PartNumber number, const ShownPart& part) {
  return part.opened.has_value() ? HashOf(number, part.opened->salt, part.opened->bytes)
                                 : part.hash;
}

}  // namespace

ShownEntry Show(std::string leaf, const Salts& salts, const Parts& parts, Shown shown) {
  return {.entry = std::move(leaf),
          .parts = ShownParts{
              .contact = ShowPart(PartNumber::kContact, salts.contact, parts.contact, true),
              .company = ShowPart(PartNumber::kCompany, salts.company, parts.company, true),
              .ledger =
                  ShowPart(PartNumber::kLedger, salts.ledger, parts.ledger, shown == Shown::kAll)}};
}

absl::StatusOr<Entry> CheckShown(const ShownEntry& shown) {
  ASSIGN_OR_RETURN(Entry entry, ParseEntry(shown.entry));
  if (shown.parts.has_value() &&
      CommitHashes(HashOf(PartNumber::kContact, shown.parts->contact),
                   HashOf(PartNumber::kCompany, shown.parts->company),
                   HashOf(PartNumber::kLedger, shown.parts->ledger)) != entry.commitment) {
    return absl::DataLossError(absl::StrCat("leaf ", entry.position.value,
                                            ": the parts shown are not those it commits to"));
  }
  return entry;
}

}  // namespace consent::journal
