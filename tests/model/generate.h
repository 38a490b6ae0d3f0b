// SPDX-License-Identifier: Apache-2.0
//
// Random scenarios, aimed at edges, and smaller versions of one that failed.

#ifndef CONSENT_MODEL_GENERATE_H_
#define CONSENT_MODEL_GENERATE_H_

#include <rapidcheck.h>

#include <cstdint>
#include <vector>

#include "tests/model/scenario.h"

namespace consent::model {

struct Shape {
  int steps_max = 40;
  // One company with one grant of the consumer's: what a limit promises can be counted directly.
  bool one_grant = false;
  // Decades instead of days.
  bool long_lived = false;
  // With law, preferences, contracts and all that a contact may stand on beside a grant.
  bool law = false;
};

// The scenario of this seed. Plays the model along, without its answers' future, to learn where
// the edges are: a good part of the steps fall on one, or a second before or after.
Scenario MakeScenario(uint64_t seed, const Shape& shape);

// Scenarios with a little less in them, boldest first.
std::vector<Scenario> Smaller(const Scenario& scenario);

// The two together. Sizes grow with RapidCheck's.
rc::Gen<Scenario> AnyScenario(const Shape& shape = {});

}  // namespace consent::model

#endif  // CONSENT_MODEL_GENERATE_H_
