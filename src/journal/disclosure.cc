// SPDX-License-Identifier: Apache-2.0

#include "src/journal/disclosure.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/consent/evolve.h"
#include "src/journal/opening.h"

namespace consent::journal {

absl::StatusOr<Disclosure> ParseDisclosure(std::string_view bytes) {
  ASSIGN_OR_RETURN(Disclosure disclosure, Decode<Disclosure>(bytes));
  RETURN_IF_ERROR(CheckShown(disclosure.shown).status());
  const std::optional<ShownParts>& parts = disclosure.shown.parts;
  if (!parts || !parts->contact.opened || !parts->company.opened || !parts->ledger.opened) {
    return absl::InvalidArgumentError("a disclosure opens all three parts, this one does not");
  }
  return disclosure;
}

absl::StatusOr<const SecretValue*> Discloser::FindSecret(const Handle& handle) {
  if (const auto known = secrets_.find(handle); known != secrets_.end()) return &known->second;
  ASSIGN_OR_RETURN(std::optional<SecretValue> value, ReadSecretValue(store_, shard_, handle));
  if (!value.has_value()) return nullptr;
  if (secrets_.size() >= kSecretsKept) secrets_.clear();
  return &secrets_.emplace(handle, *std::move(value)).first->second;
}

absl::StatusOr<std::optional<OpenedLeaf>> Discloser::Open(const Leaf& leaf) {
  absl::StatusOr<Entry> entry = ParseEntry(leaf.bytes);
  if (!entry.ok() || entry->position != leaf.position) {
    return absl::DataLossError(absl::StrCat("journal ", shard_.value, ": leaf ",
                                            leaf.position.value,
                                            " is not an entry of that position"));
  }
  ASSIGN_OR_RETURN(const Handle handle, HandleOf(leaf.opening));
  OpenedLeaf opened;
  if (handle == Handle{}) {
    ASSIGN_OR_RETURN(opened.parts, OpenPlain(*entry, leaf.opening));
  } else {
    ASSIGN_OR_RETURN(const SecretValue* const secret, FindSecret(handle));
    if (secret == nullptr) return std::nullopt;
    const Sealer sealer(secret->secret);
    ASSIGN_OR_RETURN(opened.parts, sealer.Open(*entry, leaf.opening));
    opened.salts = sealer.SaltsAt(entry->position);
    opened.consumer = secret->consumer;
    opened.tag_key = sealer.YearKey(core::TagYearOf(entry->at));
  }
  opened.entry = *std::move(entry);
  return opened;
}

absl::StatusOr<std::optional<Disclosure>> Discloser::Disclose(const Leaf& leaf) {
  ASSIGN_OR_RETURN(std::optional<OpenedLeaf> opened, Open(leaf));
  if (!opened.has_value()) return std::nullopt;
  return Disclosure{
      .shown = Show(std::string(leaf.bytes), opened->salts, opened->parts, Shown::kAll),
      .consumer = opened->consumer,
      .tag_key = std::move(opened->tag_key)};
}

}  // namespace consent::journal
