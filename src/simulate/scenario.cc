// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/scenario.h"

namespace consent::simulate {

ConsumerIndex Scenario::ConsumerOf(StepIndex index) const {
  return std::visit(
      [this](const auto& action) {
        if constexpr (requires { action.of; }) {
          // `of` names a consume, which names its consumer itself.
          return std::get<ConsumeStep>(steps[action.of].action).consumer;
        } else {
          return action.consumer;
        }
      },
      steps[index].action);
}

}  // namespace consent::simulate
