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
  if (due) Wake();
  thread_ = std::thread([this] { Run(); });
  return absl::OkStatus();
}

void Purger::Wake() {
  MutexLock lock(&mutex_);
  due_ = true;
}

void Purger::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status Purger::Purge() {
  // Read first: what is erased during the purge is not counted as purged.
  ASSIGN_OR_RETURN(const TreeSize erased, store_.ReadErased(shard_));
  RETURN_IF_ERROR(store_.PurgeErased());
  return store_.WriteFact(FactOf(shard_), Encode(erased));
}

void Purger::Run() {
  const auto due_or_stopping = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return due_ || stopping_;
  };
  while (true) {
    {
      MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&due_or_stopping));
      if (stopping_) return;
      due_ = false;
    }
    const bool done = Purge().ok();
    if (!done) Wake();
    MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), done ? interval_ : kRetryAfter);
  }
}

}  // namespace consent::ledger
