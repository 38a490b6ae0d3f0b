// SPDX-License-Identifier: Apache-2.0
//
// Pen: the people of a simulation, and the statements that they sign.

#ifndef CONSENT_SIMULATION_PEN_H_
#define CONSENT_SIMULATION_PEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "consent/v1/statement.pb.h"
#include "src/crypto/private_key.h"
#include "src/directory/directory.h"
#include "src/ledger/command.h"
#include "tests/model/dice.h"
#include "tests/simulation/sim_time.h"

namespace consent::simulation {

struct Person {
  std::string contact_point;
  ContactId contact;
  crypto::PrivateKey key;
  std::string zone;
};

// The same in each run; the last one is somebody whom nobody ever speaks for.
const std::vector<Person>& Everybody();

inline constexpr const char* kCompanies[] = {"acme", "beta"};
const std::vector<std::string>& AllCompanies();
// The directory's parties and keys that a simulation needs, in this order.
std::vector<directory::DirectoryEvent> Parties();

class Pen {
 public:
  Pen(model::Dice& dice, const SimTime& time) : dice_(dice), time_(time) {}

  ledger::StatementCommand Binding(const Person& person);
  ledger::StatementCommand Grant(const Person& person, const std::string& company);
  // By a registrar.
  ledger::StatementCommand Claim(const Person& person, const std::string& company);
  ledger::StatementCommand Revocation(const Person& person, const std::string& company);
  ledger::StatementCommand Block(const Person& person, const std::string& company);
  ledger::StatementCommand Unblock(const Person& person, const std::string& company);
  ledger::EraseCommand Erasure(const Person& person);

 private:
  v1::Statement Begin(const Person& person);
  void FillGrant(const std::string& company, v1::Grant& grant);
  void AddLimit(v1::Grant& grant);

  model::Dice& dice_;
  const SimTime& time_;
  int statements_ = 0;
  int grants_ = 0;
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_PEN_H_
