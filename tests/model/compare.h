// SPDX-License-Identifier: Apache-2.0
//
// The core beside the model: plays a scenario through both and tells where they first differ.

#ifndef CONSENT_MODEL_COMPARE_H_
#define CONSENT_MODEL_COMPARE_H_

#include <optional>
#include <string>

#include "tests/model/core.h"
#include "tests/model/model.h"
#include "tests/model/scenario.h"

namespace consent::model {

// Nothing when core and model answer every step of the scenario alike; else the step, both
// answers, and in what they differ.
std::optional<std::string> Difference(const Scenario& scenario);

// As simulate prints it, on one line.
std::string Show(const core::Decision& decision);
std::string Show(const Answer& answer);

}  // namespace consent::model

#endif  // CONSENT_MODEL_COMPARE_H_
