// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/fragile_store.h"

#include <unistd.h>

#include "src/base/status_macros.h"
#include "src/ledger/ledger.h"
#include "tests/fault/doom.h"

namespace consent::fault {
namespace {

// What this thread does, for as long as this object lives.
class Now {
 public:
  explicit Now(Doing what) { doing = what; }
  ~Now() { doing = Doing::kOther; }
};

// What a start itself does, on the thread that starts. A committer is at work while the others
// still start, and a server that died by that had said already that it serves.
bool Starts() { return phase == Phase::kStarting && gettid() == getpid(); }

}  // namespace

absl::Status FragileStore::Commit(ShardId shard, const store::CommitRequest& request) {
  const Now now(Doing::kCommit);
  const bool erases = !request.erase.empty();
  Pass(Point::kCommitBegins);
  if (erases) Pass(Point::kErasureBegins);
  RETURN_IF_ERROR(real_->Commit(shard, request));
  if (erases) Pass(Point::kErasureReturns);
  Pass(Point::kCommitReturns);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<store::Bundle>> FragileStore::ReadBundles(ShardId shard, LeafIndex from,
                                                                     size_t entries_max) {
  if (Starts() && shard == ledger::kConsumerShard) Pass(Point::kReplayReads);
  return real_->ReadBundles(shard, from, entries_max);
}

absl::Status FragileStore::WriteBehind(ShardId shard, const store::DerivedRows& rows) {
  const Now now(Doing::kBehind);
  const bool starts = Starts();
  Pass(starts ? Point::kReplayBehindBegins : Point::kBehindBegins);
  RETURN_IF_ERROR(real_->WriteBehind(shard, rows));
  Pass(starts ? Point::kReplayBehindReturns : Point::kBehindReturns);
  return absl::OkStatus();
}

absl::Status FragileStore::WriteTiles(ShardId shard, const store::TileRows& rows) {
  const Now now(Doing::kTiles);
  Pass(Point::kTilesBegin);
  RETURN_IF_ERROR(real_->WriteTiles(shard, rows));
  Pass(Point::kTilesReturn);
  return absl::OkStatus();
}

absl::Status FragileStore::PurgeErased() {
  // A start purges what the last server did not, once for a long time.
  AwaitArmed();
  Pass(Point::kPurgeBegins);
  purging = true;
  const absl::Status purged = real_->PurgeErased();
  purging = false;
  if (purged.ok()) Pass(Point::kPurgeReturns);
  return purged;
}

absl::Status FragileStore::WriteFact(std::string_view name, std::string_view value) {
  const bool checkpoint = name.starts_with("checkpoint/");
  if (checkpoint) Pass(Point::kCheckpointUnstored);
  if (phase == Phase::kStarting) Pass(Point::kCreatingFacts);
  RETURN_IF_ERROR(real_->WriteFact(name, value));
  if (phase == Phase::kStarting) Pass(Point::kCreatingFacts);
  if (checkpoint) Pass(Point::kCheckpointStored);
  if (name.starts_with("purged/")) Pass(Point::kPurgeRecorded);
  return absl::OkStatus();
}

}  // namespace consent::fault
