// SPDX-License-Identifier: Apache-2.0
//
// For all scenarios: the core answers every step as the model does. Along the way (compare.h):
// Check agrees with Decide, a repeat takes no second unit, an event taken twice is taken once, and
// every answer comes from a record that was encoded and decoded since the step before.

#include <map>
#include <optional>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "tests/model/cases.h"
#include "tests/model/compare.h"
#include "tests/model/generate.h"

namespace consent::model {
namespace {

TEST(CoreModelTest, TheCoreAnswersEveryStepAsTheModelDoes) {
  CheckCases(kUsualCases / 2, [] {
    const Scenario scenario = *AnyScenario();
    const std::optional<std::string> difference = Difference(scenario);
    if (difference.has_value()) RC_FAIL(*difference);
  });
}

TEST(CoreModelTest, UnderLawTheCoreAnswersEveryStepAsTheModelDoes) {
  CheckCases(kUsualCases / 5, [] {
    const Scenario scenario = *AnyScenario({.law = true});
    const std::optional<std::string> difference = Difference(scenario);
    if (difference.has_value()) RC_FAIL(*difference);
  });
}

TEST(CoreModelTest, LongLivesOfOneGrantAreAnsweredAlike) {
  CheckCases(kUsualCases / 10, [] {
    const Scenario scenario = *AnyScenario({.steps_max = 120, .one_grant = true});
    const std::optional<std::string> difference = Difference(scenario);
    if (difference.has_value()) RC_FAIL(*difference);
  });
}

// What is remembered for its id alone may be forgotten after five years; what a limit counts may
// not. So every request has an id of its own here, and nothing is done with old permits.
TEST(CoreModelTest, ForgettingOldContactsChangesNoAnswer) {
  CheckCases(kUsualCases / 5, [] {
    const Scenario scenario =
        *AnyScenario({.steps_max = 80, .one_grant = true, .long_lived = true});
    Core all(scenario.world);
    Core pruned(scenario.world, core::Retention::kFiveYears);
    std::map<int, Instant> made;
    for (Step step : scenario.steps) {
      if (auto* consume = std::get_if<Consume>(&step.act)) {
        consume->request.request_id = absl::StrCat("own", step.name);
        made[step.name] = step.at;
      }
      const auto of = std::visit(
          [](const auto& act) -> std::optional<int> {
            if constexpr (requires { act.of; }) return act.of;
            return std::nullopt;
          },
          step.act);
      if (of.has_value() && (!made.contains(*of) || step.at - made[*of] > core::kPermitTtlMax)) {
        continue;
      }
      const core::Decision expected = all.Play(step);
      const core::Decision actual = pruned.Play(step);
      if (expected != actual) RC_FAIL(Show(step.at) + "\n" + Show(expected) + "\n" + Show(actual));
    }
    RC_CLASSIFY(pruned.record() != all.record(), "contacts were pruned");
  });
}

}  // namespace
}  // namespace consent::model
