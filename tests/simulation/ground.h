// SPDX-License-Identifier: Apache-2.0
//
// Ground: what is durable, followed commit by commit, and judged by somebody who is not the ledger.
//
// Every entry is opened as it becomes durable and played on the model (tests/model), which keeps
// its own account of limits, windows, permits and statements. What the journal says was answered
// must be what the model answers. Trees are hashed here once more, for checkpoints to be held
// against.

#ifndef CONSENT_SIMULATION_GROUND_H_
#define CONSENT_SIMULATION_GROUND_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "src/base/ids.h"
#include "src/consent/decision.h"
#include "src/journal/reader.h"
#include "src/merkle/compact_tree.h"
#include "src/store/store.h"
#include "src/tlog/checkpoint.h"
#include "tests/model/model.h"
#include "tests/simulation/sim_time.h"
#include "tests/simulation/trace.h"

namespace consent::simulation {

class Ground {
 public:
  Ground(const SimTime& time, Trace& trace) : time_(time), trace_(trace) {}

  // Follows this store from now on: what survived of the one before. Faults when it holds less.
  void Follow(store::Store& store);
  // The shard has a new commit.
  void Committed(ShardId shard);
  // What the model knows of companies and law.
  void SetWorld(model::World world) { world_ = std::move(world); }
  // By how much the journal's time may be away from the time, beside a thousandth of what has
  // passed: so much is taken for a clock that is slewed. None: by any.
  void SetWrongMax(std::optional<int64_t> wrong_ms) { wrong_max_ms_ = wrong_ms; }

  uint64_t size(ShardId shard) { return logs_[shard].roots.size() - 1; }
  // The time of the consumers' last entry.
  Instant last_at() const { return last_at_; }
  // What was decided, and on what was allowed; for figures.
  const std::set<core::Reason>& reasons() const { return reasons_; }
  const std::set<core::Basis>& bases() const { return bases_; }
  // The durable entry at which exactly this was allowed, or that hides what it was.
  bool IsAllowedAt(LeafIndex entry, const core::Request& request) const;
  // Faults unless the checkpoint is of a tree that the journal has had.
  void CheckCheckpoint(ShardId shard, const tlog::Checkpoint& checkpoint);

 private:
  struct Log {
    merkle::CompactTree tree;
    std::vector<Digest> roots = {merkle::CompactTree().Root()};  // By size.
  };
  // One consumer, as the model knows them; none: the model knows too little of them.
  struct Past {
    std::unique_ptr<model::Model> model;
  };

  void See(const journal::OpenedEvent& opened);
  void Play(Past& past, const core::Event& event);
  void PlayDecided(Past& past, const core::Event& event, const core::Decided& decided);
  void PlayConfirmed(Past& past, const core::Event& event, const core::Confirmed& confirmed);
  void Expect(bool as_the_model_says, const core::Event& event, const std::string& what);

  const SimTime& time_;
  Trace& trace_;
  model::World world_;  // But for where a consumer is.
  store::Store* store_ = nullptr;
  std::unique_ptr<journal::Opener> opener_;
  std::map<ShardId, Log> logs_;
  std::map<ConsumerId, Past> pasts_;
  std::map<uint64_t, core::Request> allowed_;  // By the entry that allowed it.
  // The entries at which a company's request for a consumer was allowed.
  std::map<std::tuple<ConsumerId, std::string, std::string>, uint64_t> entry_of_;
  std::map<uint64_t, bool> hidden_;  // Entries that nobody can open.
  std::set<core::Reason> reasons_;
  std::set<core::Basis> bases_;
  Instant last_at_;
  int64_t began_ms_ = 0;
  std::optional<int64_t> wrong_max_ms_;
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_GROUND_H_
