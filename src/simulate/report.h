// SPDX-License-Identifier: Apache-2.0
//
// Shows what came of a scenario: lines of JSON for programs, a table for people.
//
// Times are in the zone of the consumer concerned, or in UTC where that is unknown.

#ifndef CONSENT_SIMULATE_REPORT_H_
#define CONSENT_SIMULATE_REPORT_H_

#include <ostream>
#include <vector>

#include "src/simulate/runner.h"
#include "src/simulate/scenario.h"

namespace consent::simulate {

// One JSON object a line for each step that answers and each statement that is refused. Keys in
// this order: step, decision, reason, limit, rule, remaining, next_allowed_time, contact_before.
// `results` are those of `scenario`, one for each step.
void WriteJson(const Scenario& scenario, const std::vector<StepResult>& results, std::ostream& out);

// One row for each step, columns aligned; what a grant says goes on in rows of its own.
void WriteTable(const Scenario& scenario, const std::vector<StepResult>& results,
                std::ostream& out);

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_REPORT_H_
