// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/purger.h"

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

// A purge that failed (old files in use) is tried again after so long.
constexpr absl::Duration kRetryAfter = absl::Minutes(1);

// The fact that says up to which erasure all bytes are gone: a journal size.
std::string FactOf(ShardId shard) { return absl::StrCat("purged/", shard.value); }

}  // namespace

absl::StatusOr<bool> Purger::IsDue() {
  ASSIGN_OR_RETURN(const TreeSize erased, store_.ReadErased(shard_));
  ASSIGN_OR_RETURN(const std::optional<std::string> fact, store_.ReadFact(FactOf(shard_)));
  if (!fact.has_value()) return erased.value > 0;
  const absl::StatusOr<TreeSize> purged = Decode<TreeSize>(*fact);
  // What cannot be read has not been done.
  return !purged.ok() || *purged < erased;
}

absl::Status Purger::Start() {
  ASSIGN_OR_RETURN(const bool due, IsDue());
  MutexLock lock(&mutex_);
  due_ = due_ || due;
  worker_ = workers_.Start("purger", [this](Call call) { return Step(call); });
  return absl::OkStatus();
}

void Purger::Wake() {
  MutexLock lock(&mutex_);
  due_ = true;
  if (worker_ != nullptr) worker_->Wake();
}

void Purger::Stop() {
  Worker* worker = nullptr;
  {
    MutexLock lock(&mutex_);
    worker = worker_.get();
  }
  if (worker != nullptr) worker->Finish();
}

absl::Status Purger::Purge() {
  // Read first: what is erased during the purge is not counted as purged.
  ASSIGN_OR_RETURN(const TreeSize erased, store_.ReadErased(shard_));
  RETURN_IF_ERROR(store_.PurgeErased());
  return store_.WriteFact(FactOf(shard_), Encode(erased));
}

Rest Purger::Step(Call call) {
  if (call == Call::kFinish) return Rest::Ended();
  {
    MutexLock lock(&mutex_);
    if (!due_) return Rest::UntilWoken();
    due_ = false;
  }
  if (Purge().ok()) return {.least = interval_};
  MutexLock lock(&mutex_);
  due_ = true;
  return {.least = kRetryAfter, .most = kRetryAfter};
}

}  // namespace consent::ledger
