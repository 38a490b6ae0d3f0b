// SPDX-License-Identifier: Apache-2.0
//
// For all scenarios: the core answers every step as the model does. Along the way (compare.h):
// Check agrees with Decide, a repeat takes no second unit, an event taken twice is taken once, and
// every answer comes from a record that was encoded and decoded since the step before.

#include <optional>
#include <string>

#include "tests/model/cases.h"
#include "tests/model/compare.h"
#include "tests/model/generate.h"

namespace consent::model {
namespace {

TEST(CoreModelTest, TheCoreAnswersEveryStepAsTheModelDoes) {
  CheckCases(kUsualCases, [] {
    const Scenario scenario = *AnyScenario();
    const std::optional<std::string> difference = Difference(scenario);
    if (difference.has_value()) RC_FAIL(*difference);
  });
}

TEST(CoreModelTest, LongLivesOfOneGrantAreAnsweredAlike) {
  CheckCases(kUsualCases / 7, [] {
    const Scenario scenario = *AnyScenario({.steps_max = 120, .one_grant = true});
    const std::optional<std::string> difference = Difference(scenario);
    if (difference.has_value()) RC_FAIL(*difference);
  });
}

}  // namespace
}  // namespace consent::model
