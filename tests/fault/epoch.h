// SPDX-License-Identifier: Apache-2.0
//
// Epoch: the life of one ledger in a kill test, from its creation, through many servers that are
// killed, to the count of everything it holds. All checks are made from outside the server, and
// their findings are faults of its World.
//
// Threads: one; the clients are on threads of its own.

#ifndef CONSENT_FAULT_EPOCH_H_
#define CONSENT_FAULT_EPOCH_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "src/store/temporary_folder.h"
#include "tests/fault/journal_witness.h"
#include "tests/fault/plan.h"
#include "tests/fault/published.h"
#include "tests/fault/world.h"
#include "tests/load/population.h"
#include "tests/load/server_process.h"

namespace consent::fault {

class Epoch {
 public:
  Epoch(Plan& plan, Chance& chance) : plan_(plan), chance_(chance) {}
  ~Epoch();

  // Creates the ledger, kills its servers until the plan has counted `kills` or it is `enough`, and
  // counts what is there. Not OK when the test cannot go on; what is wrong with the ledger is among
  // the faults.
  absl::Status Run(int64_t kills, const std::function<bool()>& enough);

  // Copies what the ledger has left to a folder that outlives this object; returns its path.
  std::string Keep();

  World& world() { return world_; }
  uint64_t entries() const { return witnesses_.empty() ? 0 : witnesses_[0].size(); }
  uint64_t checkpoints() const;
  uint64_t receipts() const;

 private:
  absl::Status Found();
  absl::Status DieCreating();
  void Wipe();
  // Starts servers until one serves; those that die before are counted. `next` is how the server
  // after this one is to die.
  absl::Status StartServer(Death death, const Death& next);
  void StartClients();
  void EndClients();
  // Lets the clients work until the server dies as it is doomed to, or kills it: false. One that is
  // not doomed to die at work is killed after `life`.
  bool LetDie(const Death& death, absl::Duration life);
  // Whether the server killed itself at the point; counts it.
  bool CountOwnDeath(const Death& death);
  void Kill();
  uint64_t AskForCrowd();
  void Flood();

  bool ReadJournals(uint64_t again);
  void FetchCheckpoints();
  void CheckAcknowledged(const std::vector<Acknowledged>& acknowledged);
  // Of a server that died at `point`; before any client meets the one after it.
  void CheckNotedErasure(const PointInfo* point);
  void CheckPublished(bool all);
  // Where no server runs.
  absl::Status CheckStored();
  void CheckPeople(size_t count);
  void CheckLimits();
  absl::Status CountAll();

  Plan& plan_;
  Chance& chance_;
  store::TemporaryFolder folder_;
  const std::string data_ = folder_.path() + "/data";
  const std::string guard_ = folder_.path() + "/guard";
  World world_;
  std::unique_ptr<load::ServerProcess> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::optional<load::Population> population_;
  std::vector<JournalWitness> witnesses_;  // The consumers' journal, the directory's.
  std::vector<Published> published_;       // In the same order.
  std::vector<std::thread> clients_;
  size_t asked_ = 0;  // About the crowd.
};

}  // namespace consent::fault

#endif  // CONSENT_FAULT_EPOCH_H_
