// SPDX-License-Identifier: Apache-2.0
//
// Run: one simulated life of a ledger. One seed makes everything: who does what and when, the order
// in which workers step, what the disk does, what time it is, and when processes die.

#ifndef CONSENT_SIMULATION_RUN_H_
#define CONSENT_SIMULATION_RUN_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "src/consent/vocabulary.h"
#include "tests/simulation/pen.h"

namespace consent::simulation {

struct Outcome {
  std::vector<std::string> faults;  // Empty: nothing was wrong.
  std::vector<std::string> trace;
  uint64_t digest = 0;  // Of the trace, with all roots that were published.
  // What the run came to.
  uint64_t entries = 0;
  uint64_t allowed = 0;
  uint64_t starts = 0;
  uint64_t crashes = 0;
  Peppers peppers = Peppers::kFirst;  // At the end.
  std::set<core::Reason> reasons;     // Of decisions that the model has judged.
  std::set<core::Basis> bases;        // On which it was allowed.
};

Outcome Simulate(uint64_t seed);

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_RUN_H_
