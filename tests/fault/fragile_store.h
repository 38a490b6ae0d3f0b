// SPDX-License-Identifier: Apache-2.0
//
// FragileStore: the named points that lie at the edge between the service and its store. Else it
// does what the real store does.

#ifndef CONSENT_FAULT_FRAGILE_STORE_H_
#define CONSENT_FAULT_FRAGILE_STORE_H_

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "src/ledger/watched_store.h"
#include "src/store/store.h"

namespace consent::fault {

class FragileStore final : public ledger::WatchedStore {
 public:
  explicit FragileStore(std::unique_ptr<store::Store> real)
      : WatchedStore(*real), real_(std::move(real)) {}

  absl::Status Commit(ShardId shard, const store::CommitRequest& request) override;
  absl::StatusOr<std::vector<store::Bundle>> ReadBundles(ShardId shard, LeafIndex from,
                                                         size_t entries_max) override;
  absl::Status WriteBehind(ShardId shard, const store::DerivedRows& rows) override;
  absl::Status WriteTiles(ShardId shard, const store::TileRows& rows) override;
  absl::Status PurgeErased() override;
  absl::Status WriteFact(std::string_view name, std::string_view value) override;

 private:
  const std::unique_ptr<store::Store> real_;
};

}  // namespace consent::fault

#endif  // CONSENT_FAULT_FRAGILE_STORE_H_
