// SPDX-License-Identifier: Apache-2.0

#include "src/journal/journal.h"

#include <algorithm>
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

void OneByOne(size_t count, const std::function<void(size_t)>& work) {
  for (size_t i = 0; i < count; ++i) work(i);
}

void Journal::Stage(const Entry& entry, std::string opening) {
  staged_.push_back({.entry = entry, .sealing = std::nullopt, .opening = std::move(opening)});
}

void Journal::Stage(const Entry& entry, Sealing sealing) {
  staged_.push_back({.entry = entry, .sealing = std::move(sealing), .opening = {}});
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

void Journal::Finish(Staged& staged) {
  Entry& entry = staged.entry;
  if (staged.sealing.has_value()) {
    const Sealing& sealing = *staged.sealing;
    const Sealer sealer(sealing.secret);
    entry.tag = TagOf(sealer.YearKey(sealing.tag_year), sealing.tag_count);
    entry.commitment = journal::Commit(sealer.SaltsAt(entry.position), sealing.parts);
    staged.opening = sealer.Seal(sealing.handle, entry.commitment, sealing.parts);
  }
  staged.leaf = Encode(entry);
  staged.hash = merkle::LeafHash(staged.leaf);
}

absl::Status Journal::Commit(const AtOnce& at_once) {
  if (staged_.empty()) return absl::OkStatus();
  std::vector<Staged> staged = std::exchange(staged_, {});
  at_once((staged.size() + kPiece - 1) / kPiece, [&staged](size_t piece) {
    const size_t end = std::min(staged.size(), (piece + 1) * kPiece);
    for (size_t i = piece * kPiece; i < end; ++i) Finish(staged[i]);
  });
  store::Bundle bundle;
  bundle.first = {head_.tree.size().value};
  for (Staged& one : staged) {
    head_.tree.Append(one.hash);
    bundle.entries.push_back(std::move(one.leaf));
    bundle.openings.push_back(std::move(one.opening));
  }
  head_.last_at = staged.back().entry.at;
  store::CommitRequest request{.bundle = std::move(bundle),
                               .head_state = Encode(head_),
                               .secrets = std::move(secrets_),
                               .erase = std::move(erasure_)};
  secrets_ = {};
  erasure_ = {};
  const absl::Status committed = store_->Commit(shard_, request);
  for (store::SecretRow& row : request.secrets) crypto::Wipe(row.value);
  return committed;
}

}  // namespace consent::journal
