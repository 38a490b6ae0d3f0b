// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/disk.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace consent::simulation {
namespace {

absl::Status Gone() { return absl::UnavailableError("the process has died"); }

}  // namespace

Disk::Disk(store::Store& real, model::Dice& dice, Trace& trace, const Troubles& troubles,
           Committed committed)
    : WatchedStore(real),
      dice_(dice),
      trace_(trace),
      troubles_(troubles),
      committed_(std::move(committed)) {}

absl::Status Disk::Read(const char* what) {
  if (!*alive_) return Gone();
  if (troubles_.read == 0 || !dice_.One(troubles_.read)) return absl::OkStatus();
  trace_.Say(absl::StrCat("  disk: ", what, " fails"));
  return absl::InternalError("the disk does not answer");
}

absl::Status Disk::Write(const char* what, int64_t trouble, bool half,
                         const std::function<absl::Status()>& write) {
  if (!*alive_) return Gone();
  const bool dies = writes_left_.has_value() && --*writes_left_ <= 0;
  const bool fails = !dies && trouble != 0 && dice_.One(trouble);
  if (!dies && !fails) return write();
  const bool done = half && dice_.One(2);
  if (done) {
    // What would have been refused has no effect to be unsure of.
    if (const absl::Status status = write(); !status.ok()) return status;
  }
  trace_.Say(absl::StrCat("  disk: ", dies ? "the process dies " : "the answer is an error ",
                          done ? "after " : "before ", what));
  if (!dies) return absl::InternalError("the disk does not answer");
  Die();
  return Gone();
}

absl::StatusOr<store::Head> Disk::ReadHead(ShardId shard) {
  RETURN_IF_ERROR(Read("ReadHead"));
  return WatchedStore::ReadHead(shard);
}

absl::Status Disk::Commit(ShardId shard, const store::CommitRequest& request) {
  return Write("Commit", troubles_.commit, true, [&] {
    const absl::Status status = WatchedStore::Commit(shard, request);
    if (status.ok()) committed_(shard);
    return status;
  });
}

absl::StatusOr<std::vector<store::Bundle>> Disk::ReadBundles(ShardId shard, LeafIndex from,
                                                             size_t entries_max) {
  RETURN_IF_ERROR(Read("ReadBundles"));
  return WatchedStore::ReadBundles(shard, from, entries_max);
}

absl::StatusOr<std::optional<std::string>> Disk::ReadSecret(ShardId shard, const Handle& handle) {
  RETURN_IF_ERROR(Read("ReadSecret"));
  return WatchedStore::ReadSecret(shard, handle);
}

absl::StatusOr<std::optional<std::string>> Disk::ReadRecord(ShardId shard,
                                                            const ConsumerId& consumer) {
  RETURN_IF_ERROR(Read("ReadRecord"));
  return WatchedStore::ReadRecord(shard, consumer);
}

absl::StatusOr<std::optional<ConsumerId>> Disk::ReadContact(ShardId shard,
                                                            const ContactId& contact) {
  RETURN_IF_ERROR(Read("ReadContact"));
  return WatchedStore::ReadContact(shard, contact);
}

absl::Status Disk::WriteBehind(ShardId shard, const store::DerivedRows& rows) {
  if (troubles_.no_records) return absl::UnavailableError("records are another's to write");
  return Write("WriteBehind", troubles_.behind, false,
               [&] { return WatchedStore::WriteBehind(shard, rows); });
}

absl::StatusOr<TreeSize> Disk::ReadApplied(ShardId shard) {
  RETURN_IF_ERROR(Read("ReadApplied"));
  return WatchedStore::ReadApplied(shard);
}

absl::StatusOr<TreeSize> Disk::ReadErased(ShardId shard) {
  RETURN_IF_ERROR(Read("ReadErased"));
  return WatchedStore::ReadErased(shard);
}

absl::Status Disk::WriteTiles(ShardId shard, const store::TileRows& rows) {
  return Write("WriteTiles", troubles_.behind, false,
               [&] { return WatchedStore::WriteTiles(shard, rows); });
}

absl::StatusOr<TreeSize> Disk::ReadTiled(ShardId shard) {
  RETURN_IF_ERROR(Read("ReadTiled"));
  return WatchedStore::ReadTiled(shard);
}

absl::StatusOr<std::optional<std::string>> Disk::ReadTile(ShardId shard, int level,
                                                          uint64_t index) {
  RETURN_IF_ERROR(Read("ReadTile"));
  return WatchedStore::ReadTile(shard, level, index);
}

absl::Status Disk::PurgeErased() {
  return Write("PurgeErased", troubles_.purge, false, [&] { return WatchedStore::PurgeErased(); });
}

absl::StatusOr<std::optional<std::string>> Disk::ReadFact(std::string_view name) {
  RETURN_IF_ERROR(Read("ReadFact"));
  return WatchedStore::ReadFact(name);
}

absl::Status Disk::WriteFact(std::string_view name, std::string_view value) {
  return Write("WriteFact", troubles_.fact, true,
               [&] { return WatchedStore::WriteFact(name, value); });
}

}  // namespace consent::simulation
