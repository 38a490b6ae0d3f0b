// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/replay.h"

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/consent/evolve.h"
#include "src/journal/journal.h"
#include "src/journal/secret_value.h"
#include "src/ledger/loss.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"

namespace consent::ledger {
namespace {

constexpr uint64_t kEntriesBetweenWrites = 16'384;
constexpr uint64_t kEntriesBetweenReports = 8'192;

using Records = std::map<ConsumerId, core::Record>;

absl::StatusOr<crypto::Secret> SecretOf(store::Store& store, ShardId shard, const Handle& handle) {
  ASSIGN_OR_RETURN(std::optional<journal::SecretValue> value,
                   journal::ReadSecretValue(store, shard, handle));
  if (!value.has_value()) {
    return absl::DataLossError("no secret is filed under the opening's handle");
  }
  return std::move(value->secret);
}

core::Record& RecordOf(Records& records, const journal::OpenedEvent& opened) {
  core::Record& record = records[*opened.consumer];
  record.consumer = *opened.consumer;
  record.handle = opened.handle;
  return record;
}

// Where a recovery was interrupted, the store does not know of the loss yet.
absl::Status TakeLoss(store::Store& store, ShardId shard, const journal::OpenedEvent& opened,
                      Consumers& consumers) {
  const std::optional<core::Loss> loss = LossIn(opened);
  if (!loss.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(KeepLoss(store, shard, *loss));
  consumers.Lose(*loss);
  return absl::OkStatus();
}

absl::StatusOr<Records> ReadRecords(store::Store& store, ShardId shard) {
  Records records;
  absl::Status malformed;
  RETURN_IF_ERROR(store.ForEachRecord(shard, [&](const ConsumerId& id, std::string_view bytes) {
    absl::StatusOr<core::Record> record = Decode<core::Record>(bytes);
    if (record.ok()) {
      records.emplace(id, *std::move(record));
    } else {
      malformed = absl::DataLossError(absl::StrCat(
          "journal ", shard.value, ": stored record number ", records.size(), " is malformed"));
    }
    return malformed.ok();
  }));
  RETURN_IF_ERROR(malformed);
  return records;
}

absl::Status Compare(ShardId shard, const Records& rebuilt, const Records& stored) {
  if (rebuilt.size() != stored.size()) {
    return absl::DataLossError(absl::StrCat("journal ", shard.value, ": ", rebuilt.size(),
                                            " records follow from it, ", stored.size(),
                                            " are stored"));
  }
  uint64_t number = 0;
  for (auto ours = rebuilt.begin(), theirs = stored.begin(); ours != rebuilt.end();
       ++ours, ++theirs, ++number) {
    if (ours->first != theirs->first || Encode(ours->second) != Encode(theirs->second)) {
      return absl::DataLossError(absl::StrCat("journal ", shard.value, ": stored record number ",
                                              number, " is not what the journal makes of it"));
    }
  }
  return absl::OkStatus();
}

// What `opener` has read up to `size` without a secret must have been erased by then.
absl::Status CheckErasures(store::Store& store, ShardId shard, TreeSize size,
                           const journal::Opener& opener) {
  const absl::Status checked = opener.CheckErasures();
  if (checked.ok()) return checked;
  ASSIGN_OR_RETURN(const TreeSize erased, store.ReadErased(shard));
  if (erased <= size) return checked;
  return absl::AbortedError(
      absl::StrCat("journal ", shard.value, ": somebody was erased while it was read; try again"));
}

}  // namespace

absl::Status CatchUp(store::Store& store, ShardId shard, TreeSize size, Consumers& consumers) {
  ASSIGN_OR_RETURN(const TreeSize applied, store.ReadApplied(shard));
  if (applied > size) {
    return absl::DataLossError(absl::StrCat("journal ", shard.value, ": records are at entry ",
                                            applied.value, " of a journal of ", size.value));
  }
  journal::Opener opener(store, shard);
  RETURN_IF_ERROR(journal::ForEachLeaf(
      store, shard, LeafIndex{applied.value}, size, [&](const journal::Leaf& leaf) -> absl::Status {
        ASSIGN_OR_RETURN(const std::optional<journal::OpenedEvent> opened,
                         opener.OpenUnlessErased(leaf));
        if (!opened.has_value()) return absl::OkStatus();
        if (!opened->consumer.has_value()) return TakeLoss(store, shard, *opened, consumers);
        ASSIGN_OR_RETURN(Consumer * consumer, consumers.Find(*opened->consumer));
        if (consumer == nullptr) {
          ASSIGN_OR_RETURN(crypto::Secret secret, SecretOf(store, shard, opened->handle));
          consumer = &consumers.Add(*opened->consumer, opened->handle, std::move(secret));
        }
        consumers.Apply(*consumer, opened->event);
        if (leaf.position.value % kEntriesBetweenWrites != kEntriesBetweenWrites - 1) {
          return absl::OkStatus();
        }
        return consumers.WriteBehind(std::numeric_limits<size_t>::max(),
                                     TreeSize{leaf.position.value + 1}, size);
      }));
  return CheckErasures(store, shard, size, opener);
}

absl::StatusOr<ReplayReport> ReplayAndCompare(store::Store& store, ShardId shard,
                                              const Progress& progress, const EventVisitor& visit) {
  ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
  ASSIGN_OR_RETURN(const journal::HeadState state, journal::ParseHead(head));
  ASSIGN_OR_RETURN(const TreeSize applied, store.ReadApplied(shard));

  // What the store holds, brought up to date by what it need not hold yet.
  ASSIGN_OR_RETURN(Records stored, ReadRecords(store, shard));
  merkle::CompactTree tree;
  Records rebuilt;
  journal::Opener opener(store, shard);
  RETURN_IF_ERROR(journal::ForEachLeaf(
      store, shard, LeafIndex{0}, head.size, [&](const journal::Leaf& leaf) -> absl::Status {
        tree.Append(merkle::LeafHash(leaf.bytes));
        ASSIGN_OR_RETURN(const std::optional<journal::OpenedEvent> opened,
                         opener.OpenUnlessErased(leaf));
        if (opened.has_value() && opened->consumer.has_value()) {
          core::Evolve(RecordOf(rebuilt, *opened), opened->event);
          if (leaf.position.value >= applied.value) {
            core::Evolve(RecordOf(stored, *opened), opened->event);
          }
        }
        if (visit && opened.has_value()) visit(*opened);
        if (progress && leaf.position.value % kEntriesBetweenReports == 0) {
          progress(leaf.position.value);
        }
        return absl::OkStatus();
      }));
  if (tree != state.tree) {
    return absl::DataLossError(
        absl::StrCat("journal ", shard.value, ": its entries do not hash to its root"));
  }
  RETURN_IF_ERROR(CheckErasures(store, shard, head.size, opener));
  RETURN_IF_ERROR(Compare(shard, rebuilt, stored));
  if (progress) progress(head.size.value);
  return ReplayReport{.entries = head.size.value,
                      .records = rebuilt.size(),
                      .erased = opener.erased(),
                      .root = tree.Root()};
}

}  // namespace consent::ledger
