// SPDX-License-Identifier: Apache-2.0
//
// WatchedStore: a store through which a test sees what is read, and can falsify it. Test code only.

#ifndef CONSENT_LEDGER_WATCHED_STORE_H_
#define CONSENT_LEDGER_WATCHED_STORE_H_

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/store/store.h"

namespace consent::ledger {

class WatchedStore : public store::Store {
 public:
  explicit WatchedStore(store::Store& real) : real_(real) {}

  // Sees each bundle that is read, before the reader does.
  std::function<void(ShardId, store::Bundle&)> falsify;

  // Handles whose secrets are not found.
  std::set<Handle> hidden;

  absl::StatusOr<store::Head> ReadHead(ShardId shard) override { return real_.ReadHead(shard); }
  absl::Status CheckRoom() override { return real_.CheckRoom(); }
  absl::Status Commit(ShardId shard, const store::CommitRequest& request) override {
    return real_.Commit(shard, request);
  }
  absl::StatusOr<std::vector<store::Bundle>> ReadBundles(ShardId shard, LeafIndex from,
                                                         size_t entries_max) override {
    ASSIGN_OR_RETURN(std::vector<store::Bundle> bundles,
                     real_.ReadBundles(shard, from, entries_max));
    for (store::Bundle& bundle : bundles) {
      if (falsify) falsify(shard, bundle);
    }
    return bundles;
  }
  absl::StatusOr<std::optional<std::string>> ReadSecret(ShardId shard,
                                                        const Handle& handle) override {
    if (hidden.contains(handle)) return std::nullopt;
    return real_.ReadSecret(shard, handle);
  }
  absl::StatusOr<std::optional<std::string>> ReadRecord(ShardId shard,
                                                        const ConsumerId& consumer) override {
    return real_.ReadRecord(shard, consumer);
  }
  absl::StatusOr<std::optional<ConsumerId>> ReadContact(ShardId shard,
                                                        const ContactId& contact) override {
    return real_.ReadContact(shard, contact);
  }
  absl::Status WriteBehind(ShardId shard, const store::DerivedRows& rows) override {
    return real_.WriteBehind(shard, rows);
  }
  absl::StatusOr<TreeSize> ReadApplied(ShardId shard) override { return real_.ReadApplied(shard); }
  absl::StatusOr<TreeSize> ReadErased(ShardId shard) override { return real_.ReadErased(shard); }
  absl::Status WriteTiles(ShardId shard, const store::TileRows& rows) override {
    return real_.WriteTiles(shard, rows);
  }
  absl::StatusOr<TreeSize> ReadTiled(ShardId shard) override { return real_.ReadTiled(shard); }
  absl::StatusOr<std::optional<std::string>> ReadTile(ShardId shard, int level,
                                                      uint64_t index) override {
    return real_.ReadTile(shard, level, index);
  }
  absl::Status PurgeErased() override { return real_.PurgeErased(); }
  absl::Status ForEachRecord(
      ShardId shard,
      const std::function<bool(const ConsumerId&, std::string_view)>& visit) override {
    return real_.ForEachRecord(shard, visit);
  }
  absl::Status ForEachContact(
      ShardId shard,
      const std::function<bool(const ContactId&, const ConsumerId&)>& visit) override {
    return real_.ForEachContact(shard, visit);
  }
  absl::StatusOr<std::optional<std::string>> ReadFact(std::string_view name) override {
    return real_.ReadFact(name);
  }
  absl::Status WriteFact(std::string_view name, std::string_view value) override {
    return real_.WriteFact(name, value);
  }
  store::Statistics statistics() const override { return real_.statistics(); }

 private:
  store::Store& real_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_WATCHED_STORE_H_
