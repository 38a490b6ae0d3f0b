// SPDX-License-Identifier: Apache-2.0
//
// The scenario parser over arbitrary bytes: it returns a sound scenario or errors with lines, and
// a sound scenario's steps name only what exists.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/simulate/description.h"
#include "src/simulate/scenario_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using consent::simulate::ParseScenario;
  const auto file = ParseScenario({reinterpret_cast<const char*>(data), size});
  if (file.errors.size() > consent::text::kErrorsMax) std::abort();
  for (const auto& error : file.errors) {
    if (error.line < 0 || error.message.empty()) std::abort();
  }
  if (!file.errors.empty()) return 0;
  for (size_t i = 0; i < file.scenario.steps.size(); ++i) {
    if (file.scenario.ConsumerOf(i).value_or(0) >= file.scenario.consumers.size()) std::abort();
    if (consent::simulate::DescribeStep(file.scenario, i).empty()) std::abort();
  }
  return 0;
}
