// SPDX-License-Identifier: Apache-2.0

#include "src/journal/journal.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret.h"
#include "src/merkle/leaf_hash.h"

namespace consent::journal {

absl::StatusOr<HeadState> ParseHead(const store::Head& head) {
  if (head.size.value == 0 && head.state.empty()) return HeadState{};
  absl::StatusOr<HeadState> state = Decode<HeadState>(head.state);
  if (!state.ok()) return absl::DataLossError("the journal's head is malformed");
  if (state->tree.size() != head.size) {
    return absl::DataLossError(absl::StrCat("the journal's head says ", head.size.value,
                                            " entries, its tree ", state->tree.size().value));
  }
  return state;
}

absl::StatusOr<Journal> Journal::Load(store::Store& store, ShardId shard) {
  ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
  ASSIGN_OR_RETURN(HeadState state, ParseHead(head));
  return Journal(store, shard, std::move(state));
}

void Journal::Stage(const Entry& entry, std::string opening) {
  if (bundle_.entries.empty()) bundle_.first = next();
  std::string leaf = Encode(entry);
  head_.tree.Append(merkle::LeafHash(leaf));
  head_.last_at = entry.at;
  bundle_.entries.push_back(std::move(leaf));
  bundle_.openings.push_back(std::move(opening));
}

void Journal::StageErasure(const store::Erasure& erasure) {
  for (const Handle& handle : erasure.secrets) {
    std::erase_if(secrets_, [&](const store::SecretRow& row) { return row.handle == handle; });
    erasure_.secrets.push_back(handle);
  }
  const auto append = [](const auto& from, auto& to) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(erasure.records, erasure_.records);
  append(erasure.contacts, erasure_.contacts);
}

absl::Status Journal::Commit() {
  if (bundle_.entries.empty()) return absl::OkStatus();
  store::CommitRequest request{.bundle = std::move(bundle_),
                               .head_state = Encode(head_),
                               .secrets = std::move(secrets_),
                               .erase = std::move(erasure_)};
  bundle_ = {};
  secrets_ = {};
  erasure_ = {};
  const absl::Status committed = store_->Commit(shard_, request);
  for (store::SecretRow& row : request.secrets) crypto::Wipe(row.value);
  return committed;
}

}  // namespace consent::journal
