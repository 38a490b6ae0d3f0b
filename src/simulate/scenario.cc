// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/scenario.h"

namespace consent::simulate {

std::optional<ConsumerIndex> Scenario::ConsumerOf(StepIndex index) const {
  return std::visit(
      [this](const auto& action) -> std::optional<ConsumerIndex> {
        if constexpr (requires { action.of; }) {
          // `of` names a consume, which names its consumer itself.
          return std::get<ConsumeStep>(steps[action.of].action).consumer;
        } else if constexpr (requires { action.consumer; }) {
          return action.consumer;
        } else {
          return std::nullopt;
        }
      },
      steps[index].action);
}

}  // namespace consent::simulate
