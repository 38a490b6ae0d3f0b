// SPDX-License-Identifier: Apache-2.0

#include "src/journal/reader.h"

#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/journal/event_parts.h"
#include "src/journal/opening.h"
#include "src/journal/recovered.h"

namespace consent::journal {
namespace {

constexpr size_t kEntriesARead = 4096;

// An entry of no consumer.
absl::StatusOr<OpenedEvent> OpenShardEvent(Entry entry, std::string_view opening) {
  ASSIGN_OR_RETURN(core::Recovered recovered, OpenRecovered(entry, opening));
  core::Event event{.at = entry.at, .position = entry.position, .body = std::move(recovered)};
  return OpenedEvent{.entry = std::move(entry),
                     .handle = {},
                     .consumer = std::nullopt,
                     .event = std::move(event),
                     .contact_point = {}};
}

absl::Status NoSecret(ShardId shard, LeafIndex leaf) {
  return absl::DataLossError(absl::StrCat(
      "journal ", shard.value, ": leaf ", leaf.value,
      ": no secret is filed under its opening's handle, and no tombstone tells of that"));
}

}  // namespace

std::string ErasedLaterFact(ShardId shard) { return absl::StrCat("erased-later/", shard.value); }

absl::Status ForEachLeaf(store::Store& store, ShardId shard, LeafIndex from, TreeSize until,
                         const std::function<absl::Status(const Leaf&)>& visit) {
  LeafIndex next = from;
  while (next.value < until.value) {
    ASSIGN_OR_RETURN(const std::vector<store::Bundle> bundles,
                     store.ReadBundles(shard, next, kEntriesARead));
    if (bundles.empty()) {
      return absl::DataLossError(absl::StrCat("journal ", shard.value, ": leaf ", next.value,
                                              " is missing of ", until.value));
    }
    for (const store::Bundle& bundle : bundles) {
      if (bundle.first > next || bundle.openings.size() != bundle.entries.size()) {
        return absl::DataLossError(
            absl::StrCat("journal ", shard.value, ": no bundle holds leaf ", next.value));
      }
      for (size_t i = next.value - bundle.first.value; i < bundle.entries.size(); ++i) {
        if (next.value >= until.value) return absl::OkStatus();
        RETURN_IF_ERROR(visit({next, bundle.entries[i], bundle.openings[i]}));
        ++next.value;
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<const SecretValue*> Opener::FindSecret(const Handle& handle) {
  if (const auto known = secrets_.find(handle); known != secrets_.end()) return &known->second;
  ASSIGN_OR_RETURN(std::optional<SecretValue> value, ReadSecretValue(store_, shard_, handle));
  if (!value.has_value()) return nullptr;
  return &Keep(handle, *std::move(value));
}

const SecretValue& Opener::Keep(const Handle& handle, SecretValue value) {
  if (secrets_.size() >= kSecretsKept) secrets_.clear();
  return secrets_.emplace(handle, std::move(value)).first->second;
}

absl::StatusOr<Entry> Opener::Parse(const Leaf& leaf) const {
  absl::StatusOr<Entry> entry = ParseEntry(leaf.bytes);
  if (!entry.ok() || entry->position != leaf.position) {
    return absl::DataLossError(absl::StrCat("journal ", shard_.value, ": leaf ",
                                            leaf.position.value,
                                            " is not an entry of that position"));
  }
  return entry;
}

absl::StatusOr<OpenedEvent> Opener::Open(const Leaf& leaf) {
  ASSIGN_OR_RETURN(std::optional<OpenedEvent> opened, OpenUnlessErased(leaf));
  if (!opened.has_value()) return NoSecret(shard_, leaf.position);
  return *std::move(opened);
}

absl::Status Opener::CheckErasures() const {
  ASSIGN_OR_RETURN(const std::optional<std::string> fact, store_.ReadFact(ErasedLaterFact(shard_)));
  absl::flat_hash_set<Handle> later;
  const std::string_view handles = fact.has_value() ? *fact : std::string_view();
  for (size_t i = 0; i + Handle::kSize <= handles.size(); i += Handle::kSize) {
    later.insert(*Handle::FromBytes(handles.substr(i, Handle::kSize)));
  }
  std::optional<LeafIndex> first;
  for (const auto& [handle, leaf] : missing_) {
    if (!erased_.contains(handle) && !later.contains(handle) &&
        (!first.has_value() || leaf < *first))
      first = leaf;
  }
  return first.has_value() ? NoSecret(shard_, *first) : absl::OkStatus();
}

absl::StatusOr<std::optional<OpenedEvent>> Opener::OpenUnlessErased(const Leaf& leaf) {
  ASSIGN_OR_RETURN(Entry entry, Parse(leaf));
  if (IsRecovered(entry)) return OpenShardEvent(std::move(entry), leaf.opening);
  ASSIGN_OR_RETURN(const Handle handle, HandleOf(leaf.opening));
  ASSIGN_OR_RETURN(const SecretValue* const secret, FindSecret(handle));
  if (secret == nullptr) {
    missing_.emplace(handle, leaf.position);
    ++erased_leaves_;
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(Parts parts, Sealer(secret->secret).Open(entry, leaf.opening));
  ASSIGN_OR_RETURN(core::Event event, ToEvent(entry, parts));
  if (entry.channel != ChannelOf(event.body) || entry.reason != ReasonAnswered(event.body)) {
    return absl::DataLossError(absl::StrCat("journal ", shard_.value, ": leaf ",
                                            leaf.position.value,
                                            " shows another answer than its opening"));
  }
  if (const auto* const tombstone = std::get_if<core::Erased>(&event.body)) {
    erased_.insert(tombstone->handles.begin(), tombstone->handles.end());
  }
  return OpenedEvent{.entry = std::move(entry),
                     .handle = handle,
                     .consumer = secret->consumer,
                     .event = std::move(event),
                     .contact_point = std::move(parts.contact)};
}

}  // namespace consent::journal
