// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/node.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/ledger/test_ledger.h"

namespace consent::simulation {
namespace {

// The size that a checkpoint's note tells; below all sizes where there is none.
int64_t SizeIn(const std::optional<std::string>& note) {
  int64_t size = -1;
  if (!note.has_value()) return size;
  const std::vector<std::string> lines = absl::StrSplit(*note, '\n');
  return lines.size() > 1 && absl::SimpleAtoi(lines[1], &size) ? size : -1;
}

}  // namespace

absl::Status Node::Open(store::Store& store, const Start& start) {
  Clear();
  store_ = &store;
  disk_ = std::make_unique<Disk>(store, dice_, trace_, start.troubles,
                                 [this](ShardId shard) { ground_.Committed(shard); });
  if (start.dies_at_write > 0) disk_->DieAtWrite(start.dies_at_write);
  stage_ = std::make_unique<Stage>(time_);
  if (!start.guard.empty()) {
    ASSIGN_OR_RETURN(guard_, ledger::Guard::Create(start.guard));
  }
  trace_.Say(absl::StrCat(name_, " starts, its clock ", clock_.wrong_ms(), " ms ahead"));
  ASSIGN_OR_RETURN(ledger_, ledger::Ledger::Open(*disk_, clock_,
                                                 {.origin = std::string(ledger::kTestOrigin),
                                                  .peppers = AtHand(start.peppers).Checks(),
                                                  .records_in_memory = start.records_in_memory,
                                                  .journal_keys = {ledger::KeyOf("journal")},
                                                  .publishing = {.guard = guard_.get()},
                                                  .clock_is_right = start.clock_is_right,
                                                  .workers = stage_.get()}));
  CheckPublished();
  for (const Handle& handle : guard_ != nullptr ? guard_->Erased() : std::vector<Handle>()) {
    if (store.ReadSecret(ledger::kConsumerShard, handle)->has_value()) {
      trace_.Fault("somebody whom the guard remembers as erased is still there");
    }
  }
  return absl::OkStatus();
}

void Node::CheckPublished() {
  for (const ShardId shard : {kDirectoryShard, ledger::kConsumerShard}) {
    const auto latest = ledger_->publisher().Latest(shard);
    const auto [known, is_new] = published_.emplace(shard, latest->checkpoint.size.value);
    if (!is_new && known->second == latest->checkpoint.size.value) continue;
    if (latest->checkpoint.size.value < known->second) {
      trace_.Fault(absl::StrCat("the checkpoint of journal ", shard.value, " went back"));
    }
    known->second = latest->checkpoint.size.value;
    ground_.CheckCheckpoint(shard, latest->checkpoint);
    CheckKept(*latest);
    trace_.Say(absl::StrCat(name_, " publishes journal ", shard.value, " of size ", known->second,
                            ", root ",
                            absl::BytesToHexString(latest->checkpoint.root.str().substr(0, 8))));
  }
}

void Node::CheckKept(const ledger::Published& published) {
  const std::string& origin = published.checkpoint.origin;
  if (SizeIn(*store_->ReadFact(ledger::CheckpointFact(origin))) <
      static_cast<int64_t>(published.checkpoint.size.value)) {
    trace_.Fault("a checkpoint is published that the store does not keep");
  }
  if (guard_ != nullptr &&
      SizeIn(guard_->Checkpoint(origin)) < static_cast<int64_t>(published.checkpoint.size.value)) {
    trace_.Fault("a checkpoint is published that the guard does not keep");
  }
}

std::optional<size_t> Node::guarded_erasures() const {
  return guard_ != nullptr ? std::optional(guard_->Erased().size()) : std::nullopt;
}

void Node::Kill() {
  disk_->Die();
  trace_.Say(absl::StrCat(name_, " is dead"));
  Clear();
}

void Node::Stop() {
  trace_.Say(absl::StrCat(name_, " stops"));
  ledger_->Stop();
  if (!died()) CheckPublished();
}

void Node::Clear() {
  if (disk_ != nullptr) disk_->Die();
  if (stage_ != nullptr) stage_->Drop();
  ledger_.reset();
  guard_.reset();
  published_.clear();
}

}  // namespace consent::simulation
