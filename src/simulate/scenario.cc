// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/scenario.h"

#include <type_traits>

namespace consent::simulate {

std::optional<ConsumerIndex> Scenario::ConsumerOf(StepIndex index) const {
  return std::visit(
      [this](const auto& action) -> std::optional<ConsumerIndex> {
        if constexpr (requires { action.of; }) {
          // `of` names a consume, which names its consumer itself.
          return std::get<ConsumeStep>(steps[action.of].action).consumer;
        } else if constexpr (std::is_same_v<std::decay_t<decltype(action)>, RecoveredStep>) {
          return std::nullopt;
        } else {
          return action.consumer;
        }
      },
      steps[index].action);
}

}  // namespace consent::simulate
