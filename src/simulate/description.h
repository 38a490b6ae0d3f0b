// SPDX-License-Identifier: Apache-2.0
//
// A step in words, for the table: "alice: consume CALL by acme for SURVEY, request r1".

#ifndef CONSENT_SIMULATE_DESCRIPTION_H_
#define CONSENT_SIMULATE_DESCRIPTION_H_

#include <string>
#include <vector>

#include "src/simulate/scenario.h"

namespace consent::simulate {

// The step at `index` of `scenario`, in lines of ASCII: one, and for a grant a further one for each
// of its limits, spans and dates.
std::vector<std::string> DescribeStep(const Scenario& scenario, StepIndex index);

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_DESCRIPTION_H_
