// SPDX-License-Identifier: Apache-2.0
//
// Disk: the store as one simulated process sees it. It fails when it is told to, and once the
// process has died, nothing that is still asked of it has any effect.

#ifndef CONSENT_SIMULATION_DISK_H_
#define CONSENT_SIMULATION_DISK_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/ledger/watched_store.h"
#include "tests/model/dice.h"
#include "tests/simulation/trace.h"

namespace consent::simulation {

// How often what fails: once in so many calls; 0: never.
struct Troubles {
  int64_t read = 0;
  int64_t commit = 0;  // Half of them have their effect all the same.
  int64_t behind = 0;  // Writing records or tiles behind.
  int64_t fact = 0;    // Half of them have their effect all the same.
  int64_t purge = 0;
  bool no_records = false;  // Records are never written behind.
};

class Disk : public ledger::WatchedStore {
 public:
  using Committed = std::function<void(ShardId)>;

  // `committed` is called when a commit has had its effect, before its answer.
  Disk(store::Store& real, model::Dice& dice, Trace& trace, const Troubles& troubles,
       Committed committed);

  // False once the process has died. Outlives this disk.
  std::shared_ptr<const bool> alive() const { return alive_; }
  void Die() { *alive_ = false; }
  // Dies at the `nth` write from now on, before or after its effect.
  void DieAtWrite(int64_t nth) { writes_left_ = nth; }
  // From now on it works.
  void Calm() { troubles_ = {.no_records = troubles_.no_records}, writes_left_.reset(); }

  absl::StatusOr<store::Head> ReadHead(ShardId shard) override;
  absl::Status Commit(ShardId shard, const store::CommitRequest& request) override;
  absl::StatusOr<std::vector<store::Bundle>> ReadBundles(ShardId shard, LeafIndex from,
                                                         size_t entries_max) override;
  absl::StatusOr<std::optional<std::string>> ReadSecret(ShardId shard,
                                                        const Handle& handle) override;
  absl::StatusOr<std::optional<std::string>> ReadRecord(ShardId shard,
                                                        const ConsumerId& consumer) override;
  absl::StatusOr<std::optional<ConsumerId>> ReadContact(ShardId shard,
                                                        const ContactId& contact) override;
  absl::Status WriteBehind(ShardId shard, const store::DerivedRows& rows) override;
  absl::StatusOr<TreeSize> ReadApplied(ShardId shard) override;
  absl::StatusOr<TreeSize> ReadErased(ShardId shard) override;
  absl::Status WriteTiles(ShardId shard, const store::TileRows& rows) override;
  absl::StatusOr<TreeSize> ReadTiled(ShardId shard) override;
  absl::StatusOr<std::optional<std::string>> ReadTile(ShardId shard, int level,
                                                      uint64_t index) override;
  absl::Status PurgeErased() override;
  absl::StatusOr<std::optional<std::string>> ReadFact(std::string_view name) override;
  absl::Status WriteFact(std::string_view name, std::string_view value) override;

 private:
  absl::Status Read(const char* what);
  // Does a write, unless it is to fail, or the process is to die before it.
  absl::Status Write(const char* what, int64_t trouble, bool half,
                     const std::function<absl::Status()>& write);

  model::Dice& dice_;
  Trace& trace_;
  Troubles troubles_;
  const Committed committed_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::optional<int64_t> writes_left_;
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_DISK_H_
