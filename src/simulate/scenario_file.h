// SPDX-License-Identifier: Apache-2.0
//
// Reads a scenario file. Format: docs/reference/scenario.md.
//
// The whole file is checked before anything runs: each key and each value, and whether what they
// name exists. Messages say what was expected and what was found, with the line, and never repeat
// a contact point.

#ifndef CONSENT_SIMULATE_SCENARIO_FILE_H_
#define CONSENT_SIMULATE_SCENARIO_FILE_H_

#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "src/rules/pack.h"
#include "src/simulate/scenario.h"
#include "src/text/document.h"

namespace consent::simulate {

struct ScenarioFile {
  // Sound when `errors` is empty, else of no use.
  Scenario scenario;
  // The first kErrorsMax faults, by line.
  std::vector<text::FileError> errors;
  bool more_errors = false;
};

// The scenario that `text` (YAML or JSON) describes. Its `rules` may name the embedded packs and
// `packs`; where both have an id, that of `packs` is meant. Pure.
ScenarioFile ParseScenario(std::string_view text, absl::Span<const rules::Pack> packs = {});

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_SCENARIO_FILE_H_
