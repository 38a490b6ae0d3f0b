// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/published.h"

#include "absl/strings/str_cat.h"
#include "consent/v1/journal_service.grpc.pb.h"
#include "src/journal/receipt.h"
#include "src/ledger/publisher.h"
#include "src/tlog/checkpoint.h"

namespace consent::fault {

bool Published::Fetch(World& world, const std::shared_ptr<grpc::Channel>& channel) {
  v1::GetCheckpointRequest request;
  request.set_journal_origin(origin_);
  v1::GetCheckpointResponse response;
  grpc::ClientContext context;
  const grpc::Status status =
      v1::JournalService::NewStub(channel)->GetCheckpoint(&context, request, &response);
  if (!status.ok()) {
    if (!IsLost(status)) world.Fault("GetCheckpoint: " + status.error_message());
    return false;
  }
  const auto opened = tlog::OpenCheckpoint(response.checkpoint(), origin_, keys_);
  if (!opened.ok()) {
    world.Fault(absl::StrCat("a checkpoint of ", origin_, ": ", opened.status().message()));
    return true;
  }
  const tlog::Checkpoint& checkpoint = opened->checkpoint;
  if (checkpoint.size < latest_) {
    world.Fault(absl::StrCat("the checkpoint of ", origin_, " has ", checkpoint.size.value,
                             " entries; one of ", latest_.value, " was published before"));
  }
  latest_ = checkpoint.size;
  See(world, checkpoint.size, checkpoint.root);
  return true;
}

void Published::SeeReceipt(World& world, const std::string& receipt) {
  const auto parsed = journal::ParseReceipt(receipt);
  const auto proven = parsed.ok() ? journal::VerifyReceipt(*parsed, keys_)
                                  : absl::StatusOr<journal::Proven>(parsed.status());
  if (!proven.ok()) {
    return world.Fault(absl::StrCat("a receipt: ", proven.status().message()));
  }
  ++receipts_;
  See(world, proven->checkpoint.size, proven->checkpoint.root);
}

void Published::See(World& world, TreeSize size, const Digest& root) {
  const auto [seen, added] = roots_.emplace(size.value, root);
  if (added) {
    ++sizes_;
    compared_ = std::min(compared_, size.value);
  } else if (seen->second != root) {
    world.Fault(absl::StrCat("two checkpoints of ", origin_, " with ", size.value,
                             " entries have different roots"));
  }
}

void Published::CompareStored(World& world, store::Store& store) const {
  if (roots_.empty()) return;
  const uint64_t seen = roots_.rbegin()->first;
  const auto fact = store.ReadFact(ledger::CheckpointFact(origin_));
  if (!fact.ok() || !fact->has_value()) return world.Fault("no checkpoint is stored: " + origin_);
  const auto stored = tlog::OpenCheckpoint(**fact, origin_, keys_);
  if (!stored.ok() || stored->checkpoint.size.value < seen) {
    world.Fault(absl::StrCat("a checkpoint of ", origin_, " with ", seen,
                             " entries was published; the store keeps an older one"));
  }
}

void Published::Compare(World& world, const JournalWitness& witness, bool all) {
  auto next = roots_.lower_bound(compared_);
  for (; next != roots_.end() && next->first <= witness.size(); ++next) {
    if (next->second == witness.RootAt(next->first)) continue;
    world.Fault(absl::StrCat("the first ", next->first, " entries of ", origin_,
                             " do not hash to the root that was published of them"));
  }
  compared_ = witness.size() + 1;
  if (all && next != roots_.end()) {
    world.Fault(absl::StrCat("a checkpoint of ", origin_, " has ", next->first,
                             " entries; the journal has ", witness.size()));
  }
}

}  // namespace consent::fault
