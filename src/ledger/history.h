// SPDX-License-Identifier: Apache-2.0
//
// History: a ledger to which things happen at random, crashes among them, while it is remembered
// what was acknowledged. Test code only.

#ifndef CONSENT_LEDGER_HISTORY_H_
#define CONSENT_LEDGER_HISTORY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "src/ledger/test_ledger.h"
#include "src/store/memory_store.h"

namespace consent::ledger {

// One thing that happens: which, and to whom.
struct Step {
  uint32_t what = 0;
  uint32_t whom = 0;
};

class History {
 public:
  static constexpr int kPeople = 4;
  static constexpr uint8_t kPeppersMax = 4;
  static constexpr uint32_t kKinds = 20;  // Values of Step::what that differ.

  History();
  // Fails the test when an answer contradicts what was acknowledged before.
  void Happen(const Step& step);
  void Crash(store::MemoryStore::Loss loss);
  // Everything acknowledged is there, and no limit was passed.
  void CheckAcknowledged();
  // Of a ledger that has stopped: the index has the records' ids and no others.
  void CheckIndex();

  TestLedger& ledger() { return *ledger_; }
  store::MemoryStore& store() { return *store_; }
  ManualClock& clock() { return *clock_; }

 private:
  // An acknowledged ALLOWED.
  struct Allowed {
    int whom;
    ContactCommand command;
    PermitRef permit;
  };

  void Consume(int whom, core::Channel channel, Seconds hold, const std::string& company);
  void Act(int whom, decltype(PermitCommand::action) action);
  void Erase(int whom);
  // From now on, a newer pepper: the ledger stops and starts again with it.
  void TakeNewPepper();
  void Open();
  void Say(const v1::Statement& statement, const crypto::PrivateKey& key);
  void Acknowledge(LeafIndex entry) { acknowledged_.insert(entry.value); }

  std::unique_ptr<store::MemoryStore> store_;
  std::unique_ptr<ManualClock> clock_;
  std::unique_ptr<TestLedger> ledger_;
  std::set<uint64_t> acknowledged_;
  std::vector<Allowed> allowed_;
  uint8_t pepper_ = 1;  // The newest.
  int requests_ = 0;
  int grants_ = 0;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_HISTORY_H_
