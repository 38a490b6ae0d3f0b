// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/replay.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consent/evolve.h"
#include "src/consent/record_row.h"
#include "src/journal/journal.h"
#include "src/journal/opening.h"
#include "src/journal/secret_value.h"
#include "src/ledger/loss.h"
#include "src/ledger/record_book.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"

namespace consent::ledger {
namespace {

constexpr uint64_t kEntriesBetweenReports = 8'192;

absl::StatusOr<crypto::Secret> SecretOf(store::Store& store, ShardId shard, const Handle& handle) {
  ASSIGN_OR_RETURN(std::optional<journal::SecretValue> value,
                   journal::ReadSecretValue(store, shard, handle));
  if (!value.has_value()) {
    return absl::DataLossError("no secret is filed under the opening's handle");
  }
  return std::move(value->secret);
}

void Enter(const journal::OpenedEvent& opened, RecordBook& records) {
  core::Record& record = records.At(*opened.consumer);
  record.consumer = *opened.consumer;
  record.handle = opened.handle;
  core::Evolve(record, opened.event);
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

// Brings those into memory whom entries are about. Passes over whom it cannot: what is amiss is
// told by who needs them.
absl::Status LoadAhead(store::Store& store, ShardId shard, LeafIndex from, TreeSize until,
                       journal::Opener& opener, Consumers& consumers,
                       const journal::AtOnce& at_once) {
  absl::btree_set<Handle> handles;  // In the order of their rows.
  RETURN_IF_ERROR(journal::ForEachLeaf(store, shard, from, until, [&](const journal::Leaf& leaf) {
    const absl::StatusOr<Handle> handle = journal::HandleOf(leaf.opening);
    if (handle.ok() && !opener.Knows(*handle)) handles.insert(*handle);
    return absl::OkStatus();
  }));
  struct Ahead {
    Handle handle;
    std::optional<journal::SecretValue> secret;
    std::unique_ptr<Fetched> fetched;
  };
  std::vector<Ahead> all;
  for (const Handle& handle : handles)
    all.push_back({.handle = handle, .secret = {}, .fetched = {}});
  at_once(all.size(), [&](size_t number) {
    Ahead& one = all[number];
    auto secret = journal::ReadSecretValue(store, shard, one.handle);
    if (!secret.ok() || !secret->has_value()) return;
    one.secret = *std::move(secret);
    if (one.secret->consumer.has_value()) one.fetched = consumers.Fetch(*one.secret->consumer);
  });
  for (Ahead& one : all) {
    if (one.secret.has_value()) opener.Keep(one.handle, *std::move(one.secret));
    consumers.Keep(std::move(one.fetched));
  }
  return absl::OkStatus();
}

// The store's copy, so that what it need not hold yet can be added. None of a malformed one, which
// Compare finds.
absl::Status BringIn(store::Store& store, ShardId shard, const ConsumerId& consumer,
                     RecordBook& late) {
  if (late.Has(consumer)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<std::string> row, store.ReadRecord(shard, consumer));
  core::Record& record = late.At(consumer);
  if (!row.has_value()) return absl::OkStatus();
  absl::StatusOr<core::Record> stored = core::DecodeRow(*row);
  if (stored.ok()) record = *std::move(stored);
  return absl::OkStatus();
}

// A row that has been appended to, as one made anew; "" for a malformed one.
std::string MadeAnew(std::string_view row) {
  const absl::StatusOr<core::Record> record = core::DecodeRow(row);
  return record.ok() ? core::NewRow(*record) : "";
}

absl::Status Differs(ShardId shard, uint64_t number, std::string_view how) {
  return absl::DataLossError(absl::StrCat("journal ", shard.value, ": stored record number ",
                                          number, " is ", std::string(how)));
}

// Compares what follows from the journal with what is stored. Of consumers who are `late`, the rows
// have been brought up to date there, or need not be there yet.
absl::Status Compare(store::Store& store, ShardId shard, RecordBook& rebuilt, RecordBook& late) {
  uint64_t rows = 0, late_rows = 0;
  std::optional<uint64_t> malformed, different;
  RETURN_IF_ERROR(
      store.ForEachRecord(shard, ConsumerId(), [&](const ConsumerId& id, std::string_view row) {
        const bool is_late = late.Has(id);
        const std::string_view expected = rebuilt.Has(id) ? rebuilt.EncodingOf(id) : "";
        bool equal = rebuilt.Has(id) && expected == (is_late ? late.EncodingOf(id) : row);
        // A row that is equal to what was encoded can be decoded; another may say the same.
        if (!equal || is_late) {
          const std::string anew = MadeAnew(row);
          if (anew.empty()) malformed = rows;
          equal = equal || (!is_late && !anew.empty() && anew == expected);
        }
        if (!equal && !different.has_value()) different = rows;
        late_rows += is_late ? 1 : 0;
        ++rows;
        return !malformed.has_value();
      }));
  if (malformed.has_value()) return Differs(shard, *malformed, "malformed");
  const uint64_t stored = rows + late.size() - late_rows;
  if (rebuilt.size() != stored) {
    return absl::DataLossError(absl::StrCat("journal ", shard.value, ": ", rebuilt.size(),
                                            " records follow from it, ", stored, " are stored"));
  }
  if (different.has_value()) {
    return Differs(shard, *different, "not what the journal makes of it");
  }
  bool missing = false;
  late.ForEach([&](const ConsumerId& id, std::string_view encoding) {
    missing = missing || rebuilt.EncodingOf(id) != encoding;
  });
  if (!missing) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("journal ", shard.value, ": a record that follows from it is not stored"));
}

// What was `found` amiss in a journal of `size`; Aborted where somebody was erased since, which may
// be all that is.
absl::Status UnlessErased(store::Store& store, ShardId shard, TreeSize size, absl::Status found) {
  if (found.ok()) return found;
  ASSIGN_OR_RETURN(const TreeSize erased, store.ReadErased(shard));
  if (erased <= size) return found;
  return absl::AbortedError(
      absl::StrCat("journal ", shard.value, ": somebody was erased while it was read; try again"));
}

}  // namespace

absl::Status CatchUp(store::Store& store, ShardId shard, TreeSize size, Consumers& consumers,
                     const CatchUpOptions& options) {
  ASSIGN_OR_RETURN(const TreeSize applied, store.ReadApplied(shard));
  if (applied > size) {
    return absl::DataLossError(absl::StrCat("journal ", shard.value, ": records are at entry ",
                                            applied.value, " of a journal of ", size.value));
  }
  // So that memory does not grow with the journal.
  const auto make_room = [&](TreeSize reached) -> absl::Status {
    const size_t dirty = consumers.dirty();
    if (dirty <= options.gathered) return absl::OkStatus();
    return consumers.WriteBehind(dirty - options.gathered, reached, size);
  };
  const auto apply = [&](journal::OpenedEvent opened) -> absl::Status {
    if (!opened.consumer.has_value()) return TakeLoss(store, shard, opened, consumers);
    ASSIGN_OR_RETURN(Consumer * consumer, consumers.Find(*opened.consumer));
    if (consumer == nullptr) {
      ASSIGN_OR_RETURN(crypto::Secret secret, SecretOf(store, shard, opened.handle));
      consumer = &consumers.Add(*opened.consumer, opened.handle, std::move(secret));
    }
    consumers.Apply(*consumer, opened.event);
    return absl::OkStatus();
  };
  journal::Opener opener(store, shard);
  for (TreeSize from = applied, until; from < size; from = until) {
    until = std::min(size, TreeSize{from.value + options.entries});
    RETURN_IF_ERROR(make_room(from));
    RETURN_IF_ERROR(
        LoadAhead(store, shard, LeafIndex{from.value}, until, opener, consumers, options.at_once));
    RETURN_IF_ERROR(journal::ForEachLeaf(
        store, shard, LeafIndex{from.value}, until, [&](const journal::Leaf& leaf) -> absl::Status {
          ASSIGN_OR_RETURN(std::optional<journal::OpenedEvent> opened,
                           opener.OpenUnlessErased(leaf));
          return opened.has_value() ? apply(*std::move(opened)) : absl::OkStatus();
        }));
  }
  return UnlessErased(store, shard, size, opener.CheckErasures());
}

absl::StatusOr<ReplayReport> ReplayAndCompare(store::Store& store, ShardId shard,
                                              const Progress& progress, const EventVisitor& visit) {
  ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
  ASSIGN_OR_RETURN(const journal::HeadState state, journal::ParseHead(head));
  ASSIGN_OR_RETURN(const TreeSize applied, store.ReadApplied(shard));

  merkle::CompactTree tree;
  RecordBook rebuilt;
  // Those of whom the store need not hold everything yet.
  RecordBook late;
  journal::Opener opener(store, shard);
  RETURN_IF_ERROR(journal::ForEachLeaf(
      store, shard, LeafIndex{0}, head.size, [&](const journal::Leaf& leaf) -> absl::Status {
        tree.Append(merkle::LeafHash(leaf.bytes));
        ASSIGN_OR_RETURN(const std::optional<journal::OpenedEvent> opened,
                         opener.OpenUnlessErased(leaf));
        if (opened.has_value() && opened->consumer.has_value()) {
          Enter(*opened, rebuilt);
          if (leaf.position.value >= applied.value) {
            RETURN_IF_ERROR(BringIn(store, shard, *opened->consumer, late));
            Enter(*opened, late);
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
  RETURN_IF_ERROR(UnlessErased(store, shard, head.size, opener.CheckErasures()));
  RETURN_IF_ERROR(UnlessErased(store, shard, head.size, Compare(store, shard, rebuilt, late)));
  if (progress) progress(head.size.value);
  return ReplayReport{.entries = head.size.value,
                      .records = rebuilt.size(),
                      .erased = opener.erased(),
                      .root = tree.Root()};
}

}  // namespace consent::ledger
