// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/warmer.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

// Who is busy is asked again after so long.
constexpr absl::Duration kRetryAfter = absl::Milliseconds(100);

}  // namespace

void Warmer::Start() {
  MutexLock lock(&mutex_);
  worker_ = workers_.Start(
      "warmer", [this](Call call) { return Step(call); }, Priority::kLow);
}

void Warmer::Stop() {
  Worker* worker = nullptr;
  {
    MutexLock lock(&mutex_);
    worker = worker_.get();
  }
  if (worker != nullptr) worker->Finish();
}

Rest Warmer::Step(Call call) {
  if (call == Call::kFinish || !consumers_.HasRoom()) return Rest::Ended();
  ConsumerId from;
  {
    MutexLock lock(&mutex_);
    if (under_way_) return Rest::UntilWoken();
    if (!from_.has_value()) return Rest::Ended();
    if (std::exchange(refused_, false)) return {.least = kRetryAfter, .most = kRetryAfter};
    from = *from_;
    under_way_ = true;
  }
  absl::StatusOr<Round> round = Read(from);
  // What is amiss is told by who needs it.
  if (!round.ok()) return Rest::Ended();
  if (round->fetched.empty()) {
    Taken(KeepAnswers(), round->next);
    return Rest::None();
  }
  hand_over_(
      std::move(round->fetched),
      [this, next = round->next](const absl::StatusOr<KeepAnswers>& kept) { Taken(kept, next); });
  return Rest::UntilWoken();
}

void Warmer::Taken(const absl::StatusOr<KeepAnswers>& kept, std::optional<ConsumerId> next) {
  MutexLock lock(&mutex_);
  under_way_ = false;
  refused_ = !kept.ok();
  if (!refused_) from_ = next;
  worker_->Wake();
}

absl::StatusOr<Warmer::Round> Warmer::Read(const ConsumerId& from) {
  struct Row {
    ConsumerId consumer;
    std::string bytes;
    std::optional<crypto::Secret> secret;
  };
  std::vector<Row> rows;
  Round round;
  const uint64_t as_of = consumers_.AsOf();  // Before the first row is read.
  RETURN_IF_ERROR(
      store_.ForEachRecord(shard_, from, [&](const ConsumerId& consumer, std::string_view bytes) {
        if (rows.size() == kRound) {
          round.next = consumer;
          return false;
        }
        rows.push_back({consumer, std::string(bytes), std::nullopt});
        return true;
      }));
  read_ahead_.Do(rows.size(), [&](size_t number) {
    Row& row = rows[number];
    const absl::StatusOr<core::Record> record = DecodeRow(row.consumer, row.bytes);
    if (!record.ok()) return;
    const bool is_wanted = std::any_of(
        record->contact_ids.begin(), record->contact_ids.end(), [&](const ContactId& contact) {
          return consumers_.WouldFetch(contact::ContactName(contact));
        });
    if (!is_wanted) return;
    absl::StatusOr<crypto::Secret> secret = ReadSecret(store_, shard_, *record);
    if (secret.ok()) row.secret = *std::move(secret);
  });
  for (Row& row : rows) {
    if (!row.secret.has_value()) continue;
    round.fetched.push_back(
        {.consumer = row.consumer,
         .packed = {.row = std::move(row.bytes), .secret = *std::move(row.secret)},
         .as_of = as_of});
  }
  return round;
}

}  // namespace consent::ledger
