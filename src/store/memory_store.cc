// SPDX-License-Identifier: Apache-2.0

#include "src/store/memory_store.h"

#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "src/base/status_macros.h"
#include "src/store/commit_check.h"
#include "src/store/health.h"

namespace consent::store {
namespace {

template <typename Map, typename Key>
auto Find(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
  const auto it = map.find(key);
  if (it == map.end()) return std::nullopt;
  return it->second;
}

template <typename Map, typename Old>
void Restore(const Old& old, Map& map) {
  for (const auto& [key, value] : old) {
    if (value.has_value()) {
      map[key] = *value;
    } else {
      map.erase(key);
    }
  }
}

}  // namespace

void MemoryStore::FailNextCommit(absl::Status error, Outcome outcome) {
  const std::lock_guard lock(mutex_);
  commit_failures_.push_back({std::move(error), outcome});
}

void MemoryStore::FailNextRead(absl::Status error) {
  const std::lock_guard lock(mutex_);
  read_failures_.push_back(std::move(error));
}

void MemoryStore::FailNextWriteBehind(absl::Status error) {
  const std::lock_guard lock(mutex_);
  write_behind_failures_.push_back(std::move(error));
}

void MemoryStore::SetFull(bool full) {
  const std::lock_guard lock(mutex_);
  full_ = full;
}

void MemoryStore::FailNextPurge(absl::Status error) {
  const std::lock_guard lock(mutex_);
  purge_failures_.push_back(std::move(error));
}

void MemoryStore::SetCommitDelay(absl::Duration delay) {
  const std::lock_guard lock(mutex_);
  commit_delay_ = delay;
}

void MemoryStore::SetBeforeCommit(std::function<void(ShardId)> hook) {
  const std::lock_guard lock(mutex_);
  before_commit_ = std::move(hook);
}

void MemoryStore::Revert(const Undo& undo, std::map<ShardId, Shard>& shards) {
  Derived& derived = shards[undo.shard].derived;
  Restore(undo.records, derived.records);
  Restore(undo.contacts, derived.contacts);
  derived.applied = undo.applied;
  Restore(undo.tiles, derived.tiles);
  derived.tiled = undo.tiled;
}

std::unique_ptr<MemoryStore> MemoryStore::DurableCopy(Loss loss) const {
  auto copy = std::make_unique<MemoryStore>();
  const std::lock_guard lock(mutex_);
  copy->shards_ = shards_;
  copy->facts_ = facts_;
  switch (loss) {
    case Loss::kNothing:
      break;
    case Loss::kSinceCommit:
      for (auto it = since_commit_.rbegin(); it != since_commit_.rend(); ++it) {
        Revert(*it, copy->shards_);
      }
      break;
    case Loss::kDerivedRows:
      for (auto& [id, shard] : copy->shards_) shard.derived = {};
      break;
  }
  return copy;
}

absl::Status MemoryStore::Take(std::deque<absl::Status>& failures) {
  if (failures.empty()) return absl::OkStatus();
  absl::Status error = std::move(failures.front());
  failures.pop_front();
  return error;
}

absl::StatusOr<Head> MemoryStore::ReadHead(ShardId shard) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return shards_[shard].head;
}

absl::Status MemoryStore::CheckRoom() {
  const std::lock_guard lock(mutex_);
  return full_ ? StoreFull("in memory", "it was told to be full") : absl::OkStatus();
}

absl::Status MemoryStore::Commit(ShardId shard, const CommitRequest& request) {
  RETURN_IF_ERROR(CheckCommit(shard, request));
  RETURN_IF_ERROR(CheckRoom());
  std::function<void(ShardId)> before_commit;
  absl::Duration delay;
  {
    const std::lock_guard lock(mutex_);
    before_commit = before_commit_;
    delay = commit_delay_;
  }
  if (before_commit) before_commit(shard);
  // The delay comes before the effect: what is readable here is durable, as in every engine.
  if (delay > absl::ZeroDuration()) absl::SleepFor(delay);

  const std::lock_guard lock(mutex_);
  Shard& journal = shards_[shard];
  const TreeSize expected{request.bundle.first.value};
  if (journal.head.size != expected) return SizeMoved(shard, expected, journal.head.size);
  absl::Status result = absl::OkStatus();
  if (!commit_failures_.empty()) {
    const Failure failure = std::move(commit_failures_.front());
    commit_failures_.pop_front();
    if (failure.outcome == Outcome::kNotApplied) return failure.error;
    result = failure.error;
  }
  for (const SecretRow& row : request.secrets) journal.secrets[row.handle] = row.value;
  journal.head.size.value += request.bundle.entries.size();
  journal.head.state = request.head_state;
  journal.bundles.emplace(request.bundle.first, request.bundle);
  for (const Handle& handle : request.erase.secrets) journal.secrets.erase(handle);
  for (const ConsumerId& id : request.erase.records) journal.derived.records.erase(id);
  for (const ContactId& id : request.erase.contacts) journal.derived.contacts.erase(id);
  if (!request.erase.empty()) journal.erased = journal.head.size;
  since_commit_.clear();
  if (result.ok()) ++commits_;
  return result;
}

absl::StatusOr<std::vector<Bundle>> MemoryStore::ReadBundles(ShardId shard, LeafIndex from,
                                                             size_t entries_max) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  const Shard& journal = shards_[shard];
  std::vector<Bundle> bundles;
  if (from.value >= journal.head.size.value) return bundles;
  size_t entries = 0;
  for (auto it = std::prev(journal.bundles.upper_bound(from));
       it != journal.bundles.end() && entries < entries_max; ++it) {
    entries += it->second.entries.size();
    bundles.push_back(it->second);
  }
  return bundles;
}

absl::StatusOr<std::optional<std::string>> MemoryStore::ReadSecret(ShardId shard,
                                                                   const Handle& handle) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return Find(shards_[shard].secrets, handle);
}

absl::StatusOr<std::optional<std::string>> MemoryStore::ReadRecord(ShardId shard,
                                                                   const ConsumerId& consumer) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return Find(shards_[shard].derived.records, consumer);
}

absl::StatusOr<std::optional<ConsumerId>> MemoryStore::ReadContact(ShardId shard,
                                                                   const ContactId& contact) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return Find(shards_[shard].derived.contacts, contact);
}

absl::StatusOr<bool> MemoryStore::HasContacts(ShardId shard, uint8_t first_byte) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  const auto& contacts = shards_[shard].derived.contacts;
  const auto row = contacts.lower_bound(ContactId{{first_byte}});
  return row != contacts.end() && row->first.bytes[0] == first_byte;
}

MemoryStore::Undo MemoryStore::UndoOf(ShardId shard, const Derived& derived) {
  return {.shard = shard,
          .records = {},
          .contacts = {},
          .applied = derived.applied,
          .tiles = {},
          .tiled = derived.tiled};
}

absl::Status MemoryStore::WriteBehind(ShardId shard, const DerivedRows& rows) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Take(write_behind_failures_));
  Shard& journal = shards_[shard];
  Derived& derived = journal.derived;
  RETURN_IF_ERROR(CheckApplied(shard, rows.applied, derived.applied, journal.head.size));
  RETURN_IF_ERROR(CheckSeen(shard, rows.seen, journal.erased));
  Undo undo = UndoOf(shard, derived);
  // emplace keeps the first of two values, which is the one from before this call.
  for (const RecordRow& row : rows.records) {
    undo.records.emplace(row.consumer, Find(derived.records, row.consumer));
    derived.records[row.consumer] = row.record;
  }
  for (const RecordRow& row : rows.appended) {
    undo.records.emplace(row.consumer, Find(derived.records, row.consumer));
    derived.records[row.consumer] += row.record;
  }
  for (const ContactId& gone : rows.contacts_gone) {
    undo.contacts.emplace(gone, Find(derived.contacts, gone));
    derived.contacts.erase(gone);
  }
  for (const ContactRow& row : rows.contacts) {
    undo.contacts.emplace(row.contact, Find(derived.contacts, row.contact));
    derived.contacts[row.contact] = row.consumer;
  }
  derived.applied = rows.applied;
  since_commit_.push_back(std::move(undo));
  return absl::OkStatus();
}

absl::StatusOr<TreeSize> MemoryStore::ReadApplied(ShardId shard) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return shards_[shard].derived.applied;
}

absl::StatusOr<TreeSize> MemoryStore::ReadErased(ShardId shard) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return shards_[shard].erased;
}

absl::Status MemoryStore::WriteTiles(ShardId shard, const TileRows& rows) {
  RETURN_IF_ERROR(CheckTiles(shard, rows));
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Take(write_behind_failures_));
  Shard& journal = shards_[shard];
  Derived& derived = journal.derived;
  RETURN_IF_ERROR(CheckTiled(shard, rows.tiled, derived.tiled, journal.head.size));
  Undo undo = UndoOf(shard, derived);
  for (const TileRow& row : rows.rows) {
    const TilePlace place{row.level, row.index};
    undo.tiles.emplace(place, Find(derived.tiles, place));
    derived.tiles[place] = row.hashes;
  }
  derived.tiled = rows.tiled;
  since_commit_.push_back(std::move(undo));
  return absl::OkStatus();
}

absl::StatusOr<TreeSize> MemoryStore::ReadTiled(ShardId shard) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return shards_[shard].derived.tiled;
}

absl::StatusOr<std::optional<std::string>> MemoryStore::ReadTile(ShardId shard, int level,
                                                                 uint64_t index) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return Find(shards_[shard].derived.tiles, TilePlace{level, index});
}

absl::Status MemoryStore::PurgeErased() {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(Take(purge_failures_));
  ++purges_;
  return absl::OkStatus();
}

absl::Status MemoryStore::ForEachRecord(
    ShardId shard, const ConsumerId& from,
    const std::function<bool(const ConsumerId&, std::string_view record)>& visit) {
  std::map<ConsumerId, std::string> rows;
  {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(TakeReadFailure());
    const auto& all = shards_[shard].derived.records;
    rows.insert(all.lower_bound(from), all.end());
  }
  for (const auto& [consumer, record] : rows) {
    if (!visit(consumer, record)) break;
  }
  return absl::OkStatus();
}

absl::Status MemoryStore::ForEachContact(
    ShardId shard, const std::function<bool(const ContactId&, const ConsumerId&)>& visit) {
  std::map<ContactId, ConsumerId> rows;
  {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(TakeReadFailure());
    rows = shards_[shard].derived.contacts;
  }
  for (const auto& [contact, consumer] : rows) {
    if (!visit(contact, consumer)) break;
  }
  return absl::OkStatus();
}

absl::Status MemoryStore::ForEachSecret(
    ShardId shard, const std::function<bool(const Handle&, std::string_view value)>& visit) {
  std::map<Handle, std::string> rows;
  {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(TakeReadFailure());
    rows = shards_[shard].secrets;
  }
  for (const auto& [handle, value] : rows) {
    if (!visit(handle, value)) break;
  }
  return absl::OkStatus();
}

absl::Status MemoryStore::ReplaceSecrets(ShardId shard, const std::vector<SecretRow>& rows) {
  const std::lock_guard lock(mutex_);
  std::map<Handle, std::string>& secrets = shards_[shard].secrets;
  for (const SecretRow& row : rows) {
    if (const auto found = secrets.find(row.handle); found != secrets.end()) {
      found->second = row.value;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> MemoryStore::ReadFact(std::string_view name) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(TakeReadFailure());
  return Find(facts_, name);
}

absl::Status MemoryStore::WriteFact(std::string_view name, std::string_view value) {
  const std::lock_guard lock(mutex_);
  facts_.insert_or_assign(std::string(name), std::string(value));
  return absl::OkStatus();
}

Statistics MemoryStore::statistics() const {
  const std::lock_guard lock(mutex_);
  Statistics statistics;
  statistics.commits = commits_;
  statistics.purges = purges_;
  return statistics;
}

}  // namespace consent::store
