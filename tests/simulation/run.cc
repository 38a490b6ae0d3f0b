// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/run.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/fault.h"
#include "src/ledger/replay.h"
#include "src/rules/pack.h"
#include "src/store/memory_store.h"
#include "tests/simulation/calendar.h"
#include "tests/simulation/node.h"
#include "tests/simulation/scratch_folder.h"
#include "tests/simulation/seeded_random.h"

namespace consent::simulation {
namespace {

using Loss = store::MemoryStore::Loss;

constexpr int64_t kYearMs = INT64_C(365) * 86'400'000;
// The ledger believes a clock that is wrong by less than two seconds; entries have whole ones.
constexpr int64_t kBelievedMs = 1500;
constexpr int64_t kWrongMaxMs = 3000;
// After five years a record forgets, which the model does not.
constexpr int64_t kYearsMaxMs = 3 * kYearMs;
// By how much clocks are adjusted while nothing runs.
constexpr int64_t kAdjustedMs = 250;
// After so many starts that failed, the disk is repaired.
constexpr int kStartsMax = 5;
// So many steps are enough to answer everybody once nothing fails any more.
constexpr int kStepsToEnd = 5000;

// What may happen in a run.
struct Plan {
  bool crashes = false;
  bool guarded = false;
  bool clocks = false;   // Wall clocks jump.
  bool law = false;      // French law is in force.
  bool peppers = false;  // The pepper is replaced.
  size_t nodes = 1;
  int64_t apart_ms = 0;  // By how much the second node's clock is ahead.
  Troubles troubles;
  size_t records_in_memory = 1000;
  int64_t steps = 0;
};

Plan Draw(model::Dice& dice) {
  Plan plan;
  plan.crashes = dice.One(2);
  plan.guarded = dice.One(2);
  plan.clocks = dice.One(3);
  if (dice.One(5)) {
    plan.nodes = 2;
    plan.clocks = false;
    plan.apart_ms = dice.Pick<int64_t>({0, 1000, -1000, 5000, -5000, kYearMs, -kYearMs});
  }
  if (!dice.One(3)) {
    plan.troubles = {.read = 50 + dice.Below(1000),
                     .commit = 5 + dice.Below(50),
                     .behind = 2 + dice.Below(30),
                     .fact = 3 + dice.Below(30),
                     .purge = 2};
  }
  plan.records_in_memory = dice.Pick<size_t>({2, 8, 1000});
  plan.steps = 200 + dice.Below(600);
  plan.law = dice.One(3);
  // While one process serves: it alone says what contact points are called.
  plan.peppers = dice.One(3) && plan.nodes == 1;
  return plan;
}

class Run {
 public:
  explicit Run(uint64_t seed)
      : dice_(seed),
        plan_(Draw(dice_)),
        trace_(time_),
        ground_(time_, trace_),
        clients_(dice_, time_, trace_, ground_,
                 {.several_nodes = plan_.nodes > 1, .law = plan_.law}) {
    time_.now_ms = began_ms_ = Beginning(dice_);
    memory_ = std::make_unique<store::MemoryStore>();
    model::World world;
    world.companies = KnownCompanies();
    if (plan_.law) world.law = rules::Join({FrenchLaw()}).value();
    ground_.SetWorld(std::move(world));
    ground_.Follow(*memory_);
    if (plan_.nodes == 1) ground_.SetWrongMax(kWrongMaxMs);
    nodes_.push_back(std::make_unique<Node>("n0", time_, dice_, trace_, ground_));
    if (plan_.nodes > 1) {
      nodes_.push_back(std::make_unique<Node>("n1", time_, dice_, trace_, ground_));
    }
    trace_.Say(absl::StrCat("crashes ", plan_.crashes, ", guard ", plan_.guarded, ", clocks ",
                            plan_.clocks, ", nodes ", plan_.nodes, ", apart ", plan_.apart_ms,
                            " ms, records in memory ", plan_.records_in_memory,
                            plan_.law ? ", under law" : ""));
  }

  Outcome Play() {
    for (int64_t step = 0; step < plan_.steps && trace_.faults().empty(); ++step) {
      StartThoseDown();
      Happen();
      ClearUp();
    }
    if (trace_.faults().empty()) End();
    return {.faults = trace_.faults(),
            .trace = trace_.lines(),
            .digest = trace_.digest(),
            .entries = ground_.size(ledger::kConsumerShard),
            .allowed = clients_.allowed(),
            .starts = starts_,
            .crashes = crashes_,
            .peppers = peppers_,
            .reasons = ground_.reasons(),
            .bases = ground_.bases()};
  }

 private:
  void Happen() {
    const int64_t what = dice_.Below(100);
    if (plan_.guarded && plan_.crashes && plan_.nodes == 1 && dice_.One(100)) TakeBackup();
    if (what < 55) return StepSomebody();
    if (what < 84) {
      if (Node* const node = PickRunning(); node != nullptr) clients_.Act(node->line());
      return;
    }
    if (what < 97) return PassTime();
    Node* const node = PickRunning();
    if (node == nullptr) return;
    if (plan_.clocks && dice_.One(2)) return Jump(*node);
    if (!plan_.crashes) {
      if (dice_.One(6)) EndProperly(*node);
      return;
    }
    if (dice_.One(3)) return Kill(*node);
    if (dice_.One(4)) return EndProperly(*node);
    node->disk().DieAtWrite(1 + dice_.Below(8));
  }

  // --- Processes.

  void StartThoseDown() {
    for (const auto& node : nodes_) {
      if (node->running()) continue;
      // The second joins when the directory is made: it would not learn of it.
      if (node != nodes_[0] && !clients_.is_founded()) continue;
      Start(*node);
    }
  }

  void Start(Node& node) {
    SetClock(node);
    ChangePeppers();
    Node::Start start{.troubles = plan_.troubles,
                      .guard = GuardOf(node),
                      .records_in_memory = plan_.records_in_memory,
                      .peppers = peppers_};
    // Two who write records behind would spoil each other's: one of them does not.
    start.troubles.no_records = &node != nodes_[0].get();
    for (int tries = 0; !node.running(); ++tries) {
      if (tries == kStartsMax) start.troubles = {.no_records = start.troubles.no_records};
      start.dies_at_write =
          plan_.crashes && tries < kStartsMax && dice_.One(8) ? 1 + dice_.Below(6) : 0;
      ++starts_;
      const absl::Status opened = node.Open(*memory_, start);
      if (opened.ok() && !node.died()) {
        older_is_needed_ = node.needs_older_pepper();
        return;
      }
      const bool died = !*node.alive();
      trace_.Say(absl::StrCat(node.name(), " does not start: ", ReasonOf(opened)));
      Kill(node);
      if (tries > 2 * kStartsMax) return trace_.Fault(opened.ToString());
      if (ReasonOf(opened) == "CLOCK_UNCERTAIN") {
        // Where the other one is ahead, it waits.
        if (plan_.nodes > 1) return;
        LookAtClock(node);
        // What a clock that was ahead has written is waited for.
        time_.now_ms = std::max(time_.now_ms, ground_.last_at().unix_seconds * 1000 + kAdjustedMs);
        continue;
      }
      if (died || absl::IsInternal(opened) || absl::IsUnavailable(opened)) continue;
      if (!absl::IsFailedPrecondition(opened) || !absl::StartsWith(opened.message(), "clock:")) {
        return trace_.Fault(absl::StrCat(node.name(), " does not start: ", opened.ToString()));
      }
      LookAtClock(node);
      start.clock_is_right = true;
    }
  }

  // A new pepper comes with a start, and the old one goes with a start after it was not needed.
  void ChangePeppers() {
    if (!plan_.peppers || !clients_.is_founded()) return;
    if (peppers_ == Peppers::kFirst && dice_.One(3)) {
      peppers_ = Peppers::kBoth;
    } else if (peppers_ == Peppers::kBoth && !older_is_needed_) {
      peppers_ = Peppers::kSecond;
    } else {
      return;
    }
    older_is_needed_ = true;  // Until a start has looked.
    clients_.UsePeppers(peppers_);
    trace_.Say(peppers_ == Peppers::kBoth ? "there is a second pepper" : "the first one is gone");
  }

  // A path of its own for each; empty: none.
  std::string GuardOf(const Node& node) const {
    return plan_.guarded ? absl::StrCat(folder_.path(), "/", node.name()) : "";
  }

  // What a machine's wall clock shows when a process starts.
  void SetClock(Node& node) {
    node.clock().Set(dice_.Below(2 * kAdjustedMs + 1) - kAdjustedMs);
    if (&node != nodes_[0].get()) node.clock().Set(plan_.apart_ms);
    // With nothing to compare it with, a first start believes any clock.
    if (!plan_.clocks || !clients_.is_founded() || !dice_.One(4)) return;
    // A clock that stands a year behind is no use where the journal's last entry is older still.
    const bool journal_knows =
        ground_.last_at().unix_seconds * 1000 > time_.now_ms - kYearMs + kWrongMaxMs;
    node.clock().Set(journal_knows && dice_.One(2) ? -kYearMs : kYearMs);
  }

  // A ledger does not believe its clock: somebody looks.
  void LookAtClock(Node& node) {
    const bool is_right = std::abs(node.clock().wrong_ms()) <= kAdjustedMs;
    trace_.Say(absl::StrCat("somebody looks at the clock: it is ", is_right ? "right" : "wrong"));
    if (is_right && !plan_.clocks && plan_.nodes == 1 && !rebooted_) {
      trace_.Fault("a clock that was always right is not believed");
    }
    // The second of two may be sure of itself; the first is not.
    if (!is_right && (plan_.nodes == 1 || &node == nodes_[0].get())) node.clock().Set(0);
  }

  void Kill(Node& node) {
    const std::shared_ptr<const bool> alive = node.alive();
    node.Kill();
    clients_.Lost(alive);
    ++crashes_;
    // The machine goes down with its last process, or the others live on what is there.
    const bool alone = std::none_of(nodes_.begin(), nodes_.end(),
                                    [](const auto& other) { return other->running(); });
    if (!alone) return;
    const Loss loss = dice_.Pick({Loss::kNothing, Loss::kSinceCommit, Loss::kDerivedRows});
    trace_.Say(absl::StrCat("the crash costs ", static_cast<int>(loss)));
    memory_ = memory_->DurableCopy(loss);
    ground_.Follow(*memory_);
    if (loss == Loss::kNothing) return;
    if (backup_ != nullptr && dice_.One(4)) StartOnBackup(node);
    rebooted_ = true;
    for (const auto& other : nodes_) other->clock().Reboot();
  }

  void EndProperly(Node& node) {
    node.Stop();
    const std::shared_ptr<const bool> alive = node.alive();
    if (node.died()) return;  // ClearUp sees to it.
    Replay();
    node.Kill();
    clients_.Lost(alive);
  }

  // --- A backup, and the guard that knows of what came after.

  void TakeBackup() {
    trace_.Say("a backup is taken");
    backup_ = memory_->DurableCopy(Loss::kNothing);
    backed_up_ = ground_.size(ledger::kConsumerShard);
  }

  // By mistake: it has less than was promised, and must not start.
  void StartOnBackup(Node& node) {
    if (published_ <= backed_up_) return;
    trace_.Say("the backup is put in the store's place");
    const absl::Status opened =
        node.Open(*backup_, {.clock_is_right = true, .guard = GuardOf(node), .peppers = peppers_});
    node.Kill();
    if (!absl::IsFailedPrecondition(opened)) {
      trace_.Fault(
          absl::StrCat("a ledger starts with less than was promised: ", opened.ToString()));
    }
    trace_.Say("the store is put back");
  }

  void ClearUp() {
    for (const auto& node : nodes_) {
      if (node->died()) Kill(*node);
      if (!node->running()) continue;
      node->CheckPublished();
      published_ = std::max(published_, node->published());
      if (plan_.nodes == 1 &&
          node->guarded_erasures().value_or(clients_.erasures()) < clients_.erasures()) {
        trace_.Fault("somebody was erased of whom the guard does not know");
      }
    }
  }

  Node* PickRunning() {
    std::vector<Node*> running;
    for (const auto& node : nodes_) {
      if (node->running()) running.push_back(node.get());
    }
    return running.empty() ? nullptr : dice_.Pick(running);
  }

  // --- Time.

  void StepSomebody() {
    size_t ready = 0;
    for (const auto& node : nodes_) ready += node->running() ? node->stage().ready() : 0;
    if (ready == 0) return SkipToNextDue();
    auto which = static_cast<size_t>(dice_.Below(static_cast<int64_t>(ready)));
    for (const auto& node : nodes_) {
      if (!node->running()) continue;
      const size_t here = node->stage().ready();
      if (which < here) {
        const std::string who = node->stage().StepOne(which);
        trace_.Say(absl::StrCat(node->name(), " ", who));
        return;
      }
      which -= here;
    }
  }

  void SkipToNextDue() {
    std::optional<int64_t> next_ms;
    for (const auto& node : nodes_) {
      if (!node->running()) continue;
      const auto due_ms = node->stage().NextDueMs();
      if (due_ms.has_value()) next_ms = std::min(next_ms.value_or(*due_ms), *due_ms);
    }
    if (next_ms.has_value()) time_.now_ms = std::max(time_.now_ms, *next_ms);
  }

  void PassTime() {
    const int64_t how = dice_.Below(20);
    // A year is not waited for: somebody sets the clock right, and starts the service again.
    for (const auto& node : nodes_) {
      if (how >= 15 && plan_.clocks && node->running() && !IsNearlyRight(*node)) {
        return EndProperly(*node);
      }
    }
    if (how < 10 || time_.now_ms > began_ms_ + kYearsMaxMs) {
      time_.now_ms += dice_.Below(300);
    } else if (how < 15) {
      time_.now_ms += dice_.Below(600'000);
    } else if (how < 18) {
      time_.now_ms += dice_.Below(INT64_C(20) * 86'400'000);
    } else {
      time_.now_ms = NextEdge(dice_, time_.now_ms);
    }
    trace_.Say("time has passed");
  }

  static bool IsNearlyRight(Node& node) { return std::abs(node.clock().wrong_ms()) <= kWrongMaxMs; }

  void Jump(Node& node) {
    MachineClock& clock = node.clock();
    if (!IsNearlyRight(node)) return EndProperly(node);
    const int64_t to_ms = dice_.One(3)
                              ? dice_.Pick<int64_t>({kYearMs, -kYearMs, 3'600'000, -3'600'000})
                              : dice_.Below(2 * kBelievedMs + 1) - kBelievedMs;
    trace_.Say(absl::StrCat("the clock of ", node.name(), " is set ", to_ms, " ms ahead"));
    clock.Set(to_ms);
  }

  // --- The end.

  // Everybody is answered, and asks again; then the records must be those that the journal makes.
  void End() {
    for (const auto& node : nodes_) {
      if (node->running()) EndProperly(*node);
    }
    ClearUp();
    if (!trace_.faults().empty()) return;
    plan_.troubles = {};
    plan_.crashes = plan_.clocks = false;
    nodes_.resize(1);
    // All that was committed by a clock that was ahead must be past.
    time_.now_ms = std::max(time_.now_ms, ground_.last_at().unix_seconds * 1000) + 10'000;
    Start(*nodes_[0]);
    if (!trace_.faults().empty()) return;
    clients_.AskAgain(nodes_[0]->line());
    for (int step = 0; step < kStepsToEnd && clients_.waiting() > 0; ++step) {
      StepSomebody();
      nodes_[0]->CheckPublished();
    }
    if (clients_.waiting() > 0) trace_.Fault("somebody is never answered");
    EndProperly(*nodes_[0]);
  }

  void Replay() {
    if (nodes_.size() > 1) return;  // Not while another writes, or has records to write.
    const auto report = ledger::ReplayAndCompare(*memory_, ledger::kConsumerShard, {});
    if (!report.ok()) trace_.Fault(absl::StrCat("replay: ", report.status().ToString()));
  }

  SimTime time_;
  model::Dice dice_;
  Plan plan_;
  Trace trace_;
  Ground ground_;
  Clients clients_;
  ScratchFolder folder_;
  std::unique_ptr<store::MemoryStore> memory_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::unique_ptr<store::MemoryStore> backup_;
  uint64_t backed_up_ = 0;  // How many entries of consumers are in the backup.
  uint64_t published_ = 0;  // And how many in the largest checkpoint that the guard must know.
  int64_t began_ms_ = 0;
  bool rebooted_ = false;
  Peppers peppers_ = Peppers::kFirst;
  bool older_is_needed_ = true;
  uint64_t starts_ = 0;
  uint64_t crashes_ = 0;
};

}  // namespace

Outcome Simulate(uint64_t seed) {
  SeedRandom(seed);
  return Run(seed).Play();
}

}  // namespace consent::simulation
