// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/journal_witness.h"

#include "absl/strings/str_cat.h"
#include "consent/v1/journal_service.grpc.pb.h"
#include "src/journal/entry.h"
#include "src/merkle/leaf_hash.h"

namespace consent::fault {

bool JournalWitness::Read(World& world, const std::shared_ptr<grpc::Channel>& channel,
                          uint64_t from) {
  v1::StreamEntriesRequest request;
  request.set_journal_origin(origin_);
  request.set_from(from);
  v1::StreamEntriesResponse message;
  grpc::ClientContext context;
  const auto stub = v1::JournalService::NewStub(channel);
  const auto stream = stub->StreamEntries(&context, request);
  uint64_t next = from;
  while (stream->Read(&message)) {
    if (message.first() != next) world.Fault("StreamEntries: entries are missing");
    for (const v1::JournalEntry& entry : message.entries()) See(world, next++, entry.entry());
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) {
    if (!IsLost(status)) world.Fault("StreamEntries: " + status.error_message());
    return false;
  }
  if (next < seen_.size()) {
    world.Fault(
        absl::StrCat("the journal has ", next, " entries; ", seen_.size(), " were seen before"));
  } else if (next > from && RootAt(next).view() != message.root_hash()) {
    world.Fault(absl::StrCat("the journal's first ", next, " entries do not hash to its root"));
  }
  return true;
}

void JournalWitness::See(World& world, uint64_t position, const std::string& leaf) {
  const Digest hash = merkle::LeafHash(leaf);
  if (position < seen_.size()) {
    if (seen_[position].hash != hash) world.Fault(absl::StrCat("leaf ", position, " has changed"));
    return;
  }
  const absl::StatusOr<journal::Entry> entry = journal::ParseEntry(leaf);
  if (!entry.ok() || entry->position.value != position) {
    world.Fault(absl::StrCat("leaf ", position, " is not an entry of that position"));
    seen_.push_back({hash, 0, 0, 0});
  } else {
    seen_.push_back({hash, entry->kind, static_cast<uint8_t>(entry->channel),
                     static_cast<uint8_t>(entry->reason)});
  }
  tree_.Append(hash);
  roots_.push_back(tree_.Root());
}

bool JournalWitness::Holds(const Acknowledged& acknowledged) const {
  if (acknowledged.entry >= seen_.size()) return false;
  const Seen& seen = seen_[acknowledged.entry];
  if (seen.kind != acknowledged.kind) return false;
  // Only decisions were noted with channel and reason.
  return acknowledged.channel == 0 ||
         (seen.channel == acknowledged.channel && seen.reason == acknowledged.reason);
}

}  // namespace consent::fault
