// SPDX-License-Identifier: Apache-2.0
//
// Clients: dialers and people who use a ledger, what they were told, and whether it was true.
//
// Nothing here is the ledger's: it survives every crash. An answer that does not come is a maybe;
// what was acknowledged is held against the ground at once, and against every later answer.

#ifndef CONSENT_SIMULATION_CLIENTS_H_
#define CONSENT_SIMULATION_CLIENTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/ledger/ledger.h"
#include "tests/model/dice.h"
#include "tests/simulation/ground.h"
#include "tests/simulation/pen.h"
#include "tests/simulation/trace.h"

namespace consent::simulation {

// A ledger in a process, for as long as that is alive.
struct Line {
  ledger::Ledger* ledger = nullptr;
  std::shared_ptr<const bool> alive;
};

class Clients {
 public:
  static constexpr size_t kWaitingMax = 24;

  struct Options {
    // Another process writes too: an answer that wrote nothing may tell of the past.
    bool several_nodes = false;
    // Law is in force: there are other grounds than consent.
    bool law = false;
  };

  Clients(model::Dice& dice, const SimTime& time, Trace& trace, Ground& ground, Options options);

  // One of the clients does something. The directory's parties come first.
  void Act(const Line& line);
  bool is_founded() const { return parties_known_ == parties_.size(); }
  // All ask again for what they were allowed, and said.
  void AskAgain(const Line& line);
  // How many answers are waited for.
  size_t waiting() const { return calls_.size(); }
  // The process is gone: those who wait for it will not be answered.
  void Lost(const std::shared_ptr<const bool>& alive);

  // What contact points are called from now on, in calls that are sent.
  void UsePeppers(Peppers peppers) { peppers_ = peppers; }
  // How many orders to be erased were acknowledged.
  size_t erasures() const {
    return static_cast<size_t>(
        std::count_if(orders_.begin(), orders_.end(),
                      [](const Order& order) { return order.entry.has_value(); }));
  }
  // ALLOWED, first or repeated; for figures.
  uint64_t allowed() const { return allowed_; }

 private:
  // A contact that a dialer wants.
  struct Wish {
    size_t person = 0;
    core::Request request;
    std::optional<ledger::ContactAnswer> first;  // The first ALLOWED.
    bool ended = false;  // It was acknowledged that it cannot be used any more.
  };
  // An order to be erased.
  struct Order {
    size_t person = 0;
    ledger::EraseCommand command;
    std::optional<LeafIndex> entry;
  };
  struct Said {
    size_t person = 0;
    const char* what = "";
    ledger::StatementCommand command;
    std::vector<std::string> companies;  // Whom it concerns.
    bool opens = false;                  // May make ALLOWED what was not.
    bool narrows = false;
    std::optional<LeafIndex> entry;
  };
  // What lies between a person and a company, as far as it was acknowledged.
  struct Standing {
    int64_t openings = 0;    // How often something was sent that may open.
    int64_t undecided = 0;   // How many of those are not answered yet.
    int64_t closed_at = -1;  // `openings`, when it was acknowledged that no contact may be made.

    bool closed() const { return closed_at == openings; }
  };
  struct Asked {
    size_t wish = 0;
    uint64_t size = 0;  // The journal's, when it was asked.
    bool closed = false;
    bool ended = false;
  };
  struct Call {
    std::shared_ptr<const bool> alive;
    std::function<void()> lost;
  };

  // A callback for one call on `line`. `then` is called once: with the answer, or with an error
  // when the process is gone.
  template <class T>
  ledger::Done<T> Expect(const Line& line, std::function<void(absl::StatusOr<T>)> then);

  void Found(const Line& line);
  void ChangeDirectory(const Line& line);
  void SaySomething(const Line& line);
  void Say(const Line& line, size_t said);
  void OnSaid(size_t said, const std::vector<int64_t>& openings,
              const absl::StatusOr<ledger::StatementAnswers>& answers);
  void SayMore(size_t whom, const std::string& company);
  void OrderErasure(const Line& line, size_t person);
  void Erase(const Line& line, size_t order);
  void OnErased(size_t order, const std::vector<int64_t>& openings,
                const absl::StatusOr<ledger::EraseAnswer>& answer);
  size_t PickSomebody();
  std::string PickCompany();
  // Callers take turns: those that ask here are of several.
  ledger::Lane PickLane() { return ledger::Lane{static_cast<uint64_t>(dice_.Below(4))}; }
  size_t NewWish();
  void Consume(const Line& line, const std::vector<size_t>& wishes);
  void OnAnswer(const Asked& asked, const absl::StatusOr<ledger::ContactAnswer>& answer);
  void OnAllowed(const Asked& asked, const ledger::ContactAnswer& answer);
  void Check(const Line& line);
  void ActOnPermit(const Line& line);
  struct Action {
    bool confirms = false;
    bool closed = false;
  };
  void OnActed(Wish& wish, const ledger::PermitAnswer& answer, const Action& action);
  void View(const Line& line);
  void GetReceipt(const Line& line);

  // The state of what is between them, as a narrowing word finds it: -1 where it is not clear.
  std::vector<int64_t> Openings(size_t person, const std::vector<std::string>& companies);
  void Close(size_t person, const std::vector<std::string>& companies,
             const std::vector<int64_t>& openings);
  Standing& At(size_t person, const std::string& company) { return standings_[{person, company}]; }
  std::string Name(const Wish& wish) const;
  const contact::ContactName& NameOf(size_t person) const {
    return Everybody()[person].NameUnder(peppers_);
  }

  model::Dice& dice_;
  const SimTime& time_;
  Trace& trace_;
  Ground& ground_;
  const Options options_;
  Pen pen_;
  Peppers peppers_ = Peppers::kFirst;
  const std::vector<directory::DirectoryEvent> parties_ = Parties(options_.law);
  size_t parties_known_ = 0;
  bool founding_ = false;
  std::list<Call> calls_;
  std::vector<Wish> wishes_;
  std::vector<Said> said_;
  std::vector<Order> orders_;
  std::map<std::pair<size_t, std::string>, Standing> standings_;
  std::vector<bool> bound_ = std::vector<bool>(Everybody().size());
  // Those who ever asked to be erased, or whose contact point somebody else holds now: what they
  // were told before may be gone.
  std::vector<bool> erased_ = std::vector<bool>(Everybody().size());
  std::vector<LeafIndex> entries_;  // Acknowledged ones.
  uint64_t allowed_ = 0;
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_CLIENTS_H_
