// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/committer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

// How long nothing happens before everything derived is written behind.
constexpr absl::Duration kIdleAfter = absl::Milliseconds(100);
// How long it is remembered that several callers ask.
constexpr absl::Duration kLately = absl::Seconds(1);
// How often a group is judged again because another process wrote first.
constexpr int kTriesMax = 8;
// Of a large group, besides the committer's own thread.
constexpr size_t kSealers = 3;
constexpr size_t kSealedEach = 4;  // Parts of a group that are worth a thread more.
constexpr int64_t kGroupBounds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192};

absl::Status StoreUnavailable(const absl::Status& cause) {
  if (!ReasonOf(cause).empty()) return cause;
  return Fault(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
               absl::StrCat("the write is not known to be durable (", cause.message(),
                            "); repeat the call with the same request_id"));
}

}  // namespace

Committer::Committer(store::Store& store, ShardId shard, State& state, LedgerClock& clock,
                     Workers& workers, Report report)
    : store_(store),
      shard_(shard),
      state_(state),
      clock_(clock),
      workers_(workers),
      report_(std::move(report)),
      group_sizes_(kGroupBounds),
      sealers_(workers, {.name = "sealer", .threads = kSealers, .pieces_each = kSealedEach}),
      answerer_(workers, [this](size_t weight) {
        MutexLock lock(&mutex_);
        queued_ -= weight;
      }) {}

Committer::~Committer() { Stop(); }

void Committer::Do(std::unique_ptr<Task> task) {
  Group group;
  group.push_back(std::move(task));
  const absl::Status durable = Commit(group);
  if (durable.ok()) state_.Committed();
  group.front()->Answer(durable);
}

void Committer::Start() {
  worker_ = workers_.Start(absl::StrCat("committer ", shard_.value),
                           [this](Call call) { return Step(call); });
}

absl::Status Committer::RoomFor(Lane lane, size_t weight) const {
  if (stopping_) {
    return Fault(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "the service is stopping");
  }
  if (waiting_.WeightOf(lane) + weight <= kQueueMax - queued_) return absl::OkStatus();
  return Fault(absl::StatusCode::kResourceExhausted, "OVERLOADED",
               "too many of your requests are waiting already; try again in a moment");
}

absl::Status Committer::CheckRoom(Lane lane, size_t weight) {
  MutexLock lock(&mutex_);
  return RoomFor(lane, weight);
}

void Committer::Submit(Lane lane, absl::Span<std::unique_ptr<Task>> tasks) {
  size_t weight = 0;
  for (const auto& task : tasks) weight += task->weight();
  absl::Status refused;
  {
    MutexLock lock(&mutex_);
    refused = RoomFor(lane, weight);
    if (refused.ok()) {
      const int64_t now = SteadyNanos();
      if (lane != kOwnLane) {
        if (last_lane_.value_or(lane) != lane) last_change_ = now;
        last_lane_ = lane;
      }
      queued_ += weight;
      for (auto& task : tasks) waiting_.Push(lane, std::move(task), now);
      // Under the lock: once it is let go, the tasks may be answered and all this be gone.
      worker_->Wake();
    }
  }
  if (refused.ok()) return;
  for (const auto& task : tasks) task->Answer(refused);
}

void Committer::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (worker_ != nullptr) worker_->Finish();
}

bool Committer::IsShared(int64_t now) const {
  return last_change_ != 0 && now - last_change_ < absl::ToInt64Nanoseconds(kLately);
}

Committer::Group Committer::Take(bool& more) {
  MutexLock lock(&mutex_);
  Lanes::Taken taken = waiting_.Take(IsShared(SteadyNanos()) ? kSharedGroupMax : kGroupMax);
  settling_since_.store(taken.oldest, std::memory_order_relaxed);
  more = !waiting_.empty();
  if (taken.weight > 0) group_sizes_.Observe(static_cast<int64_t>(taken.weight));
  return std::move(taken.tasks);
}

CommitterStatistics Committer::statistics() const {
  CommitterStatistics statistics{.group_sizes = group_sizes_.totals(),
                                 .commit_nanos = commit_nanos_.totals()};
  int64_t oldest = settling_since_.load(std::memory_order_relaxed);
  MutexLock lock(&mutex_);
  statistics.queued = queued_;
  if (const int64_t waiting = waiting_.Oldest(); oldest == 0) oldest = waiting;
  if (oldest != 0) statistics.oldest_nanos = SteadyNanos() - oldest;
  return statistics;
}

// Takes those that would write out of the group. Nothing has been judged: what is in memory stands.
void Committer::Refuse(Group& group, const absl::Status& full) {
  const auto writers = std::stable_partition(group.begin(), group.end(),
                                             [](const auto& task) { return !task->writes(); });
  Group refused(std::make_move_iterator(writers), std::make_move_iterator(group.end()));
  group.erase(writers, group.end());
  answerer_.Give(std::move(refused), full);
}

void Committer::Settle(Group group) {
  if (const absl::Status room = store_.CheckRoom(); absl::IsResourceExhausted(room)) {
    Refuse(group, room);
    if (group.empty()) return;
  }
  const int64_t began = SteadyNanos();
  absl::Status durable = Commit(group);
  commit_nanos_.Observe(SteadyNanos() - began);
  if (durable.ok()) state_.Committed();
  answerer_.Give(std::move(group), std::move(durable));
}

Rest Committer::Step(Call call) {
  bool more = false;
  if (Group group = Take(more); !group.empty()) {
    Settle(std::move(group));
    settling_since_.store(0, std::memory_order_relaxed);
    WriteBehind(Pace::kBusy);
    return more ? Rest::None() : Rest::AtMost(kIdleAfter);
  }
  if (call == Call::kFinish) {
    answerer_.Stop();
    sealers_.Stop();
    WriteBehind(Pace::kLast);
    return Rest::Ended();
  }
  if (call == Call::kDue) {
    clock_.Watch();
    WriteBehind(Pace::kIdle);
  }
  return Rest::AtMost(kIdleAfter);
}

void Committer::WriteBehind(Pace pace) {
  if (!journal_.has_value()) return;
  // What is derived may come late: what could not be written stays to be written.
  const absl::Status written = state_.WriteBehind(journal_->durable_size(), pace);
  if (written.ok() != failing_) return;
  // A busy one that returns OK may have had nothing to write yet.
  if (written.ok() && pace == Pace::kBusy) return;
  failing_ = !written.ok();
  if (report_) report_(written);
}

absl::Status Committer::Reload() {
  journal_.reset();
  ASSIGN_OR_RETURN(journal::Journal journal, journal::Journal::Load(store_, shard_));
  RETURN_IF_ERROR(state_.Load(journal.durable_size()));
  journal_ = std::move(journal);
  return absl::OkStatus();
}

absl::Status Committer::Commit(const Group& group) {
  for (int tries = 0; tries < kTriesMax; ++tries) {
    if (!journal_.has_value()) {
      if (absl::Status loaded = Reload(); !loaded.ok()) return StoreUnavailable(loaded);
    }
    const absl::StatusOr<int64_t> now_ms = clock_.NowMillis(journal_->last_at());
    if (!now_ms.ok()) return now_ms.status();
    Turn turn{.journal = *journal_, .now = Instant{*now_ms / 1000}, .now_ms = *now_ms};
    JudgeAll(group, turn);
    const absl::Status committed = journal_->Commit(at_once_);
    if (committed.ok()) return committed;
    journal_.reset();
    if (!absl::IsAborted(committed)) return StoreUnavailable(committed);
  }
  return StoreUnavailable(absl::AbortedError("another process kept writing first"));
}

}  // namespace consent::ledger
