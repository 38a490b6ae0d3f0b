// SPDX-License-Identifier: Apache-2.0
//
// Runs a scenario through the core: no server, store, signature or clock.
//
// The same `Decide` and `Evolve` that the server runs, with one difference each: contacts are kept
// for ever, and the answer is what is true, not what the server would tell a stranger.

#ifndef CONSENT_SIMULATE_RUNNER_H_
#define CONSENT_SIMULATE_RUNNER_H_

#include <vector>

#include "src/consent/decision.h"
#include "src/simulate/scenario.h"

namespace consent::simulate {

// What came of one step.
struct StepResult {
  enum class Kind {
    kTaken,     // A statement, taken in.
    kRefused,   // A statement, refused as if never given; `decision.reason` says why.
    kAnswered,  // Any other step; `decision` is the answer.
  };
  Kind kind = Kind::kTaken;
  core::Decision decision;
};

// One result for each step, in order. `scenario` must be sound (see Scenario). Nothing fails.
std::vector<StepResult> RunScenario(const Scenario& scenario);

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_RUNNER_H_
