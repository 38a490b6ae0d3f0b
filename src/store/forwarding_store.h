// SPDX-License-Identifier: Apache-2.0
//
// ForwardingStore: another store, unchanged; the beginning of one that changes a little of it.

#ifndef CONSENT_STORE_FORWARDING_STORE_H_
#define CONSENT_STORE_FORWARDING_STORE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/store/store.h"

namespace consent::store {

class ForwardingStore : public Store {
 public:
  // `real` must outlive it.
  explicit ForwardingStore(Store& real) : real_(real) {}

  absl::StatusOr<Head> ReadHead(ShardId shard) override { return real_.ReadHead(shard); }
  absl::Status CheckRoom() override { return real_.CheckRoom(); }
  absl::Status Commit(ShardId shard, const CommitRequest& request) override {
    return real_.Commit(shard, request);
  }
  absl::StatusOr<std::vector<Bundle>> ReadBundles(ShardId shard, LeafIndex from,
                                                  size_t entries_max) override {
    return real_.ReadBundles(shard, from, entries_max);
  }
  absl::StatusOr<std::optional<std::string>> ReadSecret(ShardId shard,
                                                        const Handle& handle) override {
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
  absl::StatusOr<bool> HasContacts(ShardId shard, uint8_t first_byte) override {
    return real_.HasContacts(shard, first_byte);
  }
  absl::Status WriteBehind(ShardId shard, const DerivedRows& rows) override {
    return real_.WriteBehind(shard, rows);
  }
  absl::StatusOr<TreeSize> ReadApplied(ShardId shard) override { return real_.ReadApplied(shard); }
  absl::StatusOr<TreeSize> ReadErased(ShardId shard) override { return real_.ReadErased(shard); }
  absl::Status WriteTiles(ShardId shard, const TileRows& rows) override {
    return real_.WriteTiles(shard, rows);
  }
  absl::StatusOr<TreeSize> ReadTiled(ShardId shard) override { return real_.ReadTiled(shard); }
  absl::StatusOr<std::optional<std::string>> ReadTile(ShardId shard, int level,
                                                      uint64_t index) override {
    return real_.ReadTile(shard, level, index);
  }
  absl::Status PurgeErased() override { return real_.PurgeErased(); }
  absl::Status ForEachRecord(
      ShardId shard, const ConsumerId& from,
      const std::function<bool(const ConsumerId&, std::string_view)>& visit) override {
    return real_.ForEachRecord(shard, from, visit);
  }
  absl::Status ForEachContact(
      ShardId shard,
      const std::function<bool(const ContactId&, const ConsumerId&)>& visit) override {
    return real_.ForEachContact(shard, visit);
  }
  absl::Status ForEachSecret(
      ShardId shard, const std::function<bool(const Handle&, std::string_view)>& visit) override {
    return real_.ForEachSecret(shard, visit);
  }
  absl::Status ReplaceSecrets(ShardId shard, const std::vector<SecretRow>& rows) override {
    return real_.ReplaceSecrets(shard, rows);
  }
  absl::StatusOr<std::optional<std::string>> ReadFact(std::string_view name) override {
    return real_.ReadFact(name);
  }
  absl::Status WriteFact(std::string_view name, std::string_view value) override {
    return real_.WriteFact(name, value);
  }
  Statistics statistics() const override { return real_.statistics(); }

 private:
  Store& real_;
};

}  // namespace consent::store

#endif  // CONSENT_STORE_FORWARDING_STORE_H_
