// SPDX-License-Identifier: Apache-2.0

#include "src/backup/cut.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/journal/entry.h"
#include "src/journal/journal.h"
#include "src/journal/opening.h"
#include "src/journal/reader.h"
#include "src/journal/recovered.h"
#include "src/journal/sealed_store.h"
#include "src/ledger/ledger.h"
#include "src/ledger/loss.h"
#include "src/ledger/peppers.h"
#include "src/ledger/publisher.h"
#include "src/merkle/leaf_hash.h"

namespace consent::backup {
namespace {

constexpr uint64_t kEntriesACommit = 4'096;
constexpr uint64_t kEntriesBetweenReports = 8'192;

absl::Status CopyFact(store::Store& from, const std::string& name, store::Store& to) {
  ASSIGN_OR_RETURN(const std::optional<std::string> fact, from.ReadFact(name));
  return fact.has_value() ? to.WriteFact(name, *fact) : absl::OkStatus();
}

// The entries of this time or before; times never go back.
absl::StatusOr<TreeSize> SizeAt(store::Store& store, ShardId shard, Instant until) {
  ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
  // The first entry that is later, by halves.
  uint64_t low = 0, high = head.size.value;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    bool later = false;
    RETURN_IF_ERROR(journal::ForEachLeaf(
        store, shard, {middle}, {middle + 1}, [&](const journal::Leaf& leaf) -> absl::Status {
          ASSIGN_OR_RETURN(const journal::Entry entry, journal::ParseEntry(leaf.bytes));
          later = entry.at > until;
          return absl::OkStatus();
        }));
    if (later) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return TreeSize{low};
}

// One journal's way into the new store.
class JournalCopy {
 public:
  JournalCopy(store::Store& from, store::Store& opened, ShardId shard, store::Store& to)
      : from_(from), shard_(shard), to_(to), opener_(opened, shard) {}

  absl::Status Take(const journal::Leaf& leaf) {
    ASSIGN_OR_RETURN(const journal::Entry entry, journal::ParseEntry(leaf.bytes));
    if (!journal::IsRecovered(entry) && shard_ != kDirectoryShard) {
      RETURN_IF_ERROR(TakeSecret(leaf));
    }
    if (bundle_.entries.empty()) bundle_.first = leaf.position;
    bundle_.entries.emplace_back(leaf.bytes);
    bundle_.openings.emplace_back(leaf.opening);
    head_.tree.Append(merkle::LeafHash(leaf.bytes));
    head_.last_at = entry.at;
    return bundle_.entries.size() < kEntriesACommit ? absl::OkStatus() : Commit();
  }
  absl::Status Commit() {
    if (bundle_.entries.empty()) return absl::OkStatus();
    store::CommitRequest request{.bundle = std::exchange(bundle_, {}),
                                 .head_state = Encode(head_),
                                 .secrets = std::exchange(secrets_, {})};
    return to_.Commit(shard_, request);
  }
  const merkle::CompactTree& tree() const { return head_.tree; }
  // Whose secret is gone, and no tombstone before the cut says why.
  std::set<Handle> ErasedLater() const {
    std::set<Handle> later;
    for (const Handle& handle : missing_) {
      if (!erased_.contains(handle)) later.insert(handle);
    }
    return later;
  }

 private:
  absl::Status TakeSecret(const journal::Leaf& leaf) {
    ASSIGN_OR_RETURN(const Handle handle, journal::HandleOf(leaf.opening));
    ASSIGN_OR_RETURN(const std::optional<journal::OpenedEvent> opened,
                     opener_.OpenUnlessErased(leaf));
    if (!opened.has_value()) {
      missing_.insert(handle);
      return absl::OkStatus();
    }
    if (const auto* const tombstone = std::get_if<core::Erased>(&opened->event.body)) {
      erased_.insert(tombstone->handles.begin(), tombstone->handles.end());
    }
    if (!copied_.insert(handle).second) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::optional<std::string> secret, from_.ReadSecret(shard_, handle));
    if (secret.has_value()) secrets_.push_back({handle, *secret});
    return absl::OkStatus();
  }

  store::Store& from_;
  const ShardId shard_;
  store::Store& to_;
  journal::Opener opener_;
  journal::HeadState head_;
  store::Bundle bundle_;
  std::vector<store::SecretRow> secrets_;
  std::set<Handle> copied_, missing_, erased_;
};

absl::StatusOr<Instant> TimeOf(store::Store& store, LeafIndex position) {
  Instant at;
  RETURN_IF_ERROR(journal::ForEachLeaf(
      store, ledger::kConsumerShard, position, {position.value + 1},
      [&](const journal::Leaf& leaf) -> absl::Status {
        ASSIGN_OR_RETURN(const journal::Entry entry, journal::ParseEntry(leaf.bytes));
        at = entry.at;
        return absl::OkStatus();
      }));
  return at;
}

absl::StatusOr<TreeSize> SizeOf(store::Store& from, ShardId shard, const Cut& cut) {
  if (cut.until.has_value()) return SizeAt(from, shard, *cut.until);
  ASSIGN_OR_RETURN(const store::Head head, from.ReadHead(ledger::kConsumerShard));
  if (cut.size->value == 0 || *cut.size > head.size) {
    return absl::FailedPreconditionError(absl::StrCat(
        "size: expected 1 to ", head.size.value,
        ", as many entries as the backup's journal of consumers has, found ", cut.size->value));
  }
  if (shard == ledger::kConsumerShard) return *cut.size;
  ASSIGN_OR_RETURN(const Instant at, TimeOf(from, {cut.size->value - 1}));
  return SizeAt(from, shard, at);
}

// A journal that was recovered behind the cut goes by another origin there.
absl::Status CheckNotRecovered(store::Store& from, ShardId shard, TreeSize size) {
  ASSIGN_OR_RETURN(const std::optional<core::Loss> loss, ledger::ReadLoss(from, shard));
  if (!loss.has_value() || loss->position.value < size.value) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the ledger was recovered after a loss at entry ", loss->position.value, " of journal ",
      shard.value, ", behind this cut of ", size.value, "; take a backup from before that"));
}

}  // namespace

absl::StatusOr<CutJournals> CopyUntil(store::Store& from, store::Store& opened, const Cut& cut,
                                      store::Store& to, const Progress& progress) {
  CutJournals result;
  ASSIGN_OR_RETURN(const std::optional<std::string> origin, from.ReadFact(ledger::kOriginFact));
  ASSIGN_OR_RETURN(const uint32_t generation, ledger::ReadGeneration(from));
  for (const ShardId shard : {kDirectoryShard, ledger::kConsumerShard}) {
    ASSIGN_OR_RETURN(const TreeSize size, SizeOf(from, shard, cut));
    RETURN_IF_ERROR(CheckNotRecovered(from, shard, size));
    JournalCopy copy(from, opened, shard, to);
    RETURN_IF_ERROR(journal::ForEachLeaf(
        from, shard, {0}, size, [&](const journal::Leaf& leaf) -> absl::Status {
          if (progress && leaf.position.value % kEntriesBetweenReports == 0) {
            progress(leaf.position.value);
          }
          return copy.Take(leaf);
        }));
    RETURN_IF_ERROR(copy.Commit());
    std::string later;
    for (const Handle& handle : copy.ErasedLater()) later += handle.view();
    if (!later.empty()) {
      RETURN_IF_ERROR(to.WriteFact(journal::ErasedLaterFact(shard), later));
      result.erased_later += later.size() / Handle::kSize;
    }
    const std::string journal = ledger::JournalOriginOf(origin.value_or(""), shard, generation);
    // What was promised goes beyond the cut: so nothing is signed for this origin.
    RETURN_IF_ERROR(CopyFact(from, ledger::CheckpointFact(journal), to));
    RETURN_IF_ERROR(CopyFact(from, absl::StrCat("loss/", shard.value), to));
    result.journals.push_back({.origin = journal, .size = size, .root = copy.tree().Root()});
  }
  for (const std::string_view fact :
       {ledger::kPeppersFact, journal::SealedStore::kFact, std::string_view("generation"),
        std::string_view("guarded")}) {
    RETURN_IF_ERROR(CopyFact(from, std::string(fact), to));
  }
  RETURN_IF_ERROR(CopyFact(from, std::string(ledger::kOriginFact), to));
  return result;
}

}  // namespace consent::backup
