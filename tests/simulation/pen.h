// SPDX-License-Identifier: Apache-2.0
//
// Pen: the people of a simulation, and the statements that they sign.

#ifndef CONSENT_SIMULATION_PEN_H_
#define CONSENT_SIMULATION_PEN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "consent/v1/statement.pb.h"
#include "src/contact/contact_id.h"
#include "src/crypto/private_key.h"
#include "src/directory/directory.h"
#include "src/ledger/command.h"
#include "src/rules/pack.h"
#include "tests/model/dice.h"
#include "tests/model/scenario.h"
#include "tests/simulation/sim_time.h"

namespace consent::simulation {

// The peppers that a ledger has: the first, then a second beside it, then the second alone.
enum class Peppers { kFirst, kBoth, kSecond };
inline constexpr size_t kPeppers = 3;
const contact::Peppers& AtHand(Peppers which);

struct Person {
  std::string contact_point;
  std::array<contact::ContactName, kPeppers> names;  // By the peppers at hand.
  crypto::PrivateKey key;
  std::string zone;

  const contact::ContactName& NameUnder(Peppers peppers) const {
    return names[static_cast<size_t>(peppers)];
  }
};

// The same in each run; the last one is somebody whom nobody ever speaks for.
const std::vector<Person>& Everybody();

inline constexpr const char* kCompanies[] = {"acme", "beta"};
inline constexpr const char* kGroup = "holding";  // Of both.
const std::vector<std::string>& AllCompanies();
// Each company as the directory knows it, and what the model is told of all of them.
directory::PartyPut PartyOf(const std::string& company, bool named_in_entries);
std::map<std::string, model::Company> KnownCompanies();
// The directory's parties and keys that a simulation needs, in this order; with the law of France,
// if so asked, from the beginning.
std::vector<directory::DirectoryEvent> Parties(bool law);
// That law.
const rules::Pack& FrenchLaw();

// What it signs is named as under the first pepper: whoever sends it says what it is called then.
class Pen {
 public:
  Pen(model::Dice& dice, const SimTime& time) : dice_(dice), time_(time) {}

  ledger::StatementCommand Binding(const Person& person);
  ledger::StatementCommand Grant(const Person& person, const std::string& company);
  // By a registrar.
  ledger::StatementCommand Claim(const Person& person, const std::string& company);
  ledger::StatementCommand Revocation(const Person& person, const std::string& company);
  ledger::StatementCommand Block(const Person& person, const std::string& company);
  // Of the companies' group, or of one purpose.
  ledger::StatementCommand NarrowBlock(const Person& person, const std::string& company);
  ledger::StatementCommand Unblock(const Person& person, const std::string& company);
  ledger::StatementCommand Preferences(const Person& person);
  // By a registrar, like a change of holder.
  ledger::StatementCommand Contract(const Person& person, const std::string& company);
  ledger::StatementCommand Contest(const Person& person, const std::string& company);
  ledger::StatementCommand Callback(const Person& person, const std::string& company);
  ledger::StatementCommand NewHolder(const Person& person);
  ledger::EraseCommand Erasure(const Person& person);

 private:
  v1::Statement Begin(const Person& person);
  void FillGrant(const std::string& company, v1::Grant& grant);
  v1::Limit AnyLimit(const std::string& id);
  void AddEvidence(v1::Evidence& evidence);

  model::Dice& dice_;
  const SimTime& time_;
  int statements_ = 0;
  int grants_ = 0;
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_PEN_H_
