// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/committer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

// How long nothing happens before everything derived is written behind.
constexpr absl::Duration kIdleAfter = absl::Milliseconds(100);
// How often a group is judged again because another process wrote first.
constexpr int kTriesMax = 8;

absl::Status StoreUnavailable(const absl::Status& cause) {
  if (!ReasonOf(cause).empty()) return cause;
  return Fault(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
               absl::StrCat("the write is not known to be durable (", cause.message(),
                            "); repeat the call with the same request_id"));
}

}  // namespace

Committer::Committer(store::Store& store, ShardId shard, State& state, LedgerClock& clock)
    : store_(store), shard_(shard), state_(state), clock_(clock), answerer_([this](size_t weight) {
        MutexLock lock(&mutex_);
        queued_ -= weight;
      }) {}

Committer::~Committer() { Stop(); }

absl::Status Committer::Start() {
  RETURN_IF_ERROR(Reload());
  answerer_.Start();
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

void Committer::Submit(std::unique_ptr<Task> task) {
  absl::Status refused;
  {
    MutexLock lock(&mutex_);
    const size_t weight = task->weight();
    if (stopping_) {
      refused = Fault(absl::StatusCode::kUnavailable, "SHUTTING_DOWN", "the service is stopping");
    } else if (queued_ + weight > kQueueMax) {
      refused = Fault(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                      "too many requests are waiting already; try again in a moment");
    } else {
      queued_ += weight;
      queue_.push_back(std::move(task));
    }
  }
  if (!refused.ok()) task->Answer(refused);
}

void Committer::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

Committer::Group Committer::Take() {
  Group group;
  size_t weight = 0;
  MutexLock lock(&mutex_);
  const auto something_to_do = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !queue_.empty() || stopping_;
  };
  mutex_.AwaitWithTimeout(absl::Condition(&something_to_do), kIdleAfter);
  while (!queue_.empty() && weight < kGroupMax) {
    weight += queue_.front()->weight();
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Committer::Run() {
  while (true) {
    Group group = Take();
    const bool idle = group.empty();
    if (!idle) {
      absl::Status durable = Commit(group);
      if (durable.ok()) state_.Committed();
      answerer_.Give(std::move(group), std::move(durable));
    } else {
      MutexLock lock(&mutex_);
      if (stopping_ && queue_.empty()) break;
    }
    // What is derived may come late: a failure here is met again by the next write.
    if (journal_.has_value()) {
      state_.WriteBehind(journal_->durable_size(), idle ? Pace::kIdle : Pace::kBusy).IgnoreError();
    }
  }
  answerer_.Stop();
  if (journal_.has_value()) {
    state_.WriteBehind(journal_->durable_size(), Pace::kLast).IgnoreError();
  }
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
    for (const auto& task : group) task->Judge(turn);
    const absl::Status committed = journal_->Commit();
    if (committed.ok()) return committed;
    journal_.reset();
    if (!absl::IsAborted(committed)) return StoreUnavailable(committed);
  }
  return StoreUnavailable(absl::AbortedError("another process kept writing first"));
}

}  // namespace consent::ledger
