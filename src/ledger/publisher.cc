// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/publisher.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/journal/journal.h"
#include "src/ledger/promise.h"

namespace consent::ledger {
namespace {

// How often the journals are looked at while nobody waits.
constexpr absl::Duration kPace = absl::Milliseconds(250);
// The least time between two rounds while somebody does: each costs a sync of the store.
constexpr absl::Duration kPaceWanted = absl::Milliseconds(5);
// How long a receipt waits for a checkpoint.
constexpr absl::Duration kPatience = absl::Seconds(10);

absl::Status NoCheckpoint(const absl::Status& cause) {
  return Fault(absl::StatusCode::kUnavailable, "NO_CHECKPOINT",
               absl::StrCat("no checkpoint covers the entry yet",
                            cause.ok() ? "" : absl::StrCat(" (", cause.message(), ")"),
                            "; it is recorded all the same: ask for its receipt again"));
}

absl::Status ShuttingDown() {
  return Fault(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "the service is stopping");
}

}  // namespace

std::string CheckpointFact(const std::string& origin) {
  return absl::StrCat("checkpoint/", origin);
}

Publisher::Publisher(store::Store& store, const journal::LogKeys& keys, const Clock& clock,
                     Workers& workers, Options options)
    : store_(store), keys_(keys), clock_(clock), workers_(workers), options_(std::move(options)) {}

Publisher::~Publisher() { Stop(); }

absl::Status Publisher::Open(ShardId shard, std::string origin) {
  auto log = std::make_unique<Log>();
  log->shard = shard;
  log->origin = std::move(origin);
  ASSIGN_OR_RETURN(const TreeSize size, Tile(*log));
  RETURN_IF_ERROR(CheckPromises(*log, size));
  RETURN_IF_ERROR(Publish(*log));
  logs_.push_back(std::move(log));
  return absl::OkStatus();
}

absl::Status Publisher::CheckPromises(const Log& log, TreeSize size) {
  std::vector<Promise> promises;
  const auto keys = keys_.VerifierKeys(log.origin);
  const auto add = [&](std::string who, const std::string& note) -> absl::Status {
    ASSIGN_OR_RETURN(Promise promise, ReadPromise(std::move(who), note, log.origin, keys));
    promises.push_back(std::move(promise));
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const std::optional<std::string> stored,
                   store_.ReadFact(CheckpointFact(log.origin)));
  if (stored.has_value()) RETURN_IF_ERROR(add("the store itself", *stored));
  if (options_.guard != nullptr) {
    const std::optional<std::string> kept = options_.guard->Checkpoint(log.origin);
    if (kept.has_value()) RETURN_IF_ERROR(add("the guard", *kept));
  }
  if (options_.witnesses != nullptr) {
    for (const std::string& note : options_.witnesses->Seen(log.origin)) {
      RETURN_IF_ERROR(add("a witness", note));
    }
  }
  const journal::TileReader tiles(store_, log.shard);
  for (const Promise& promise : promises) RETURN_IF_ERROR(CheckPromise(tiles, size, promise));
  return absl::OkStatus();
}

absl::StatusOr<TreeSize> Publisher::Tile(Log& log) {
  ASSIGN_OR_RETURN(const store::Head head, store_.ReadHead(log.shard));
  ASSIGN_OR_RETURN(const journal::HeadState state, journal::ParseHead(head));
  if (!log.tiler.has_value()) {
    ASSIGN_OR_RETURN(log.tiler, journal::Tiler::Load(store_, log.shard));
  }
  RETURN_IF_ERROR(log.tiler->AdvanceTo(head.size));
  if (log.tiler->Tree() != state.tree) {
    return absl::DataLossError(absl::StrCat("journal ", log.origin, ": its first ", head.size.value,
                                            " entries do not hash to the root of its head"));
  }
  return head.size;
}

absl::Status Publisher::Publish(Log& log) {
  ASSIGN_OR_RETURN(const TreeSize size, Tile(log));
  std::shared_ptr<const Published> last;
  {
    MutexLock lock(&mutex_);
    last = log.latest;
  }
  const journal::TileReader tiles(store_, log.shard);
  if (last != nullptr) {
    if (last->checkpoint.size == size) return absl::OkStatus();
    RETURN_IF_ERROR(CheckPromise(tiles, size, {"the world", last->checkpoint}));
  }
  const tlog::Checkpoint checkpoint{
      .origin = log.origin, .size = size, .root = log.tiler->Tree().Root(), .extensions = {}};
  ASSIGN_OR_RETURN(std::string note, keys_.Sign(checkpoint));
  RETURN_IF_ERROR(store_.WriteFact(CheckpointFact(log.origin), note));
  if (options_.guard != nullptr) RETURN_IF_ERROR(options_.guard->Keep(log.origin, note));
  if (options_.witnesses != nullptr) {
    note = options_.witnesses->Cosign(
        checkpoint, note, [&](TreeSize from) { return tiles.ConsistencyProof(from, size); });
  }
  auto published = std::make_shared<const Published>(
      Published{checkpoint, std::move(note), clock_.WallMillis()});
  MutexLock lock(&mutex_);
  log.latest = std::move(published);
  return absl::OkStatus();
}

void Publisher::Start() {
  worker_ = workers_.Start("publisher", [this](Call call) { return Step(call); });
}

void Publisher::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (worker_ != nullptr) worker_->Finish();
}

Rest Publisher::Step(Call call) {
  bool wanted = false;
  {
    MutexLock lock(&mutex_);
    std::swap(wanted, wanted_);
  }
  if (call == Call::kWoken && !wanted) return Rest::AtMost(kPace);
  Round();
  if (call == Call::kFinish) {
    for (const auto& log : logs_) Answer(*log, absl::OkStatus(), /*last=*/true);
    return Rest::Ended();
  }
  const absl::Duration least = failing_ ? kPace : kPaceWanted;
  MutexLock lock(&mutex_);
  // Those who are not served yet wait for the next round, which nobody needs to ask for again.
  return {.least = least, .most = wanted_ ? least : least + kPace};
}

void Publisher::Round() {
  absl::Status round;
  for (const auto& log : logs_) {
    const absl::Status published = Publish(*log);
    if (!published.ok()) {
      log->tiler.reset();  // What it holds may not be what the store holds.
      round.Update(published);
    }
    Answer(*log, published, /*last=*/false);
  }
  if (round.ok() == failing_ && options_.report) options_.report(round);
  failing_ = !round.ok();
}

void Publisher::Answer(Log& log, const absl::Status& published, bool last) {
  std::vector<Waiting> due;
  std::shared_ptr<const Published> latest;
  const int64_t now_ms = clock_.SteadyMillis();
  {
    MutexLock lock(&mutex_);
    latest = log.latest;
    const auto keep =
        std::partition(log.waiting.begin(), log.waiting.end(), [&](const Waiting& waiting) {
          return !last && waiting.entry.value >= latest->checkpoint.size.value &&
                 waiting.until_ms > now_ms;
        });
    due.assign(std::make_move_iterator(keep), std::make_move_iterator(log.waiting.end()));
    log.waiting.erase(keep, log.waiting.end());
    if (!log.waiting.empty()) wanted_ = true;
  }
  for (const Waiting& waiting : due) {
    if (waiting.entry.value < latest->checkpoint.size.value) {
      waiting.done(latest);
    } else {
      waiting.done(last ? ShuttingDown() : NoCheckpoint(published));
    }
  }
}

Publisher::Log& Publisher::Find(ShardId shard) const {
  for (const auto& log : logs_) {
    if (log->shard == shard) return *log;
  }
  std::abort();  // Only journals that were opened are asked for.
}

std::shared_ptr<const Published> Publisher::Latest(ShardId shard) const {
  const Log& log = Find(shard);
  MutexLock lock(&mutex_);
  return log.latest;
}

void Publisher::WhenCovered(ShardId shard, LeafIndex entry, Covered done) {
  Log& log = Find(shard);
  std::shared_ptr<const Published> latest;
  {
    MutexLock lock(&mutex_);
    if (entry.value < log.latest->checkpoint.size.value) {
      latest = log.latest;
    } else if (!stopping_) {
      log.waiting.push_back(
          {entry, clock_.SteadyMillis() + absl::ToInt64Milliseconds(kPatience), std::move(done)});
      wanted_ = true;
      if (worker_ != nullptr) worker_->Wake();
      return;
    }
  }
  if (latest != nullptr) return done(latest);
  done(ShuttingDown());
}

}  // namespace consent::ledger
