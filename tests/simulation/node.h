// SPDX-License-Identifier: Apache-2.0
//
// Node: a simulated machine with its clocks, and on it, mostly, a process with its disk, its
// workers and a ledger.

#ifndef CONSENT_SIMULATION_NODE_H_
#define CONSENT_SIMULATION_NODE_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "src/ledger/guard.h"
#include "src/ledger/ledger.h"
#include "tests/simulation/clients.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/ground.h"
#include "tests/simulation/pen.h"
#include "tests/simulation/sim_time.h"
#include "tests/simulation/stage.h"

namespace consent::simulation {

class Node {
 public:
  Node(std::string name, const SimTime& time, model::Dice& dice, Trace& trace, Ground& ground)
      : name_(std::move(name)),
        time_(time),
        dice_(dice),
        trace_(trace),
        ground_(ground),
        clock_(name_, time) {}
  ~Node() { Clear(); }

  struct Start {
    Troubles troubles = {};
    bool clock_is_right = false;
    int64_t dies_at_write = 0;  // 0: not.
    std::string guard = {};     // A path; empty: none.
    size_t records_in_memory = 1000;
    Peppers peppers = Peppers::kFirst;
  };
  // Starts a process. It may die while it starts: then it is not alive afterwards.
  absl::Status Open(store::Store& store, const Start& start);
  // Kills the process, wherever it is.
  void Kill();
  // Ends the process as it should end.
  void Stop();

  bool running() const { return ledger_ != nullptr; }
  // The process has died by itself; call Kill to clear up.
  bool died() const { return running() && !*disk_->alive(); }
  Line line() const { return {ledger_.get(), disk_->alive()}; }
  std::shared_ptr<const bool> alive() const { return disk_->alive(); }
  Stage& stage() { return *stage_; }
  Disk& disk() { return *disk_; }
  MachineClock& clock() { return clock_; }
  const std::string& name() const { return name_; }

  // The size of the consumers' journal in its last checkpoint.
  uint64_t published() const { return published_.at(ledger::kConsumerShard); }
  // Holds what has been published since the last time against the ground, the store and the guard.
  void CheckPublished();
  // Whether something lay under an older pepper when it started.
  bool needs_older_pepper() const { return !ledger_->older_peppers_in_use().empty(); }
  // How many erasures the guard remembers; none: there is no guard.
  std::optional<size_t> guarded_erasures() const;

 private:
  void CheckKept(const ledger::Published& published);
  void Clear();

  const std::string name_;
  const SimTime& time_;
  model::Dice& dice_;
  Trace& trace_;
  Ground& ground_;
  MachineClock clock_;
  store::Store* store_ = nullptr;  // As it is, whatever the disk says.
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<Stage> stage_;
  std::unique_ptr<ledger::Guard> guard_;
  std::unique_ptr<ledger::Ledger> ledger_;  // Uses all of the above.
  std::map<ShardId, uint64_t> published_;   // Sizes, of this process.
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_NODE_H_
