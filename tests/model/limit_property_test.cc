// SPDX-License-Identifier: Apache-2.0
//
// The promise itself, counted without judging anything: whatever is asked, no window of any limit
// ever holds more contacts than its max, nor more attempts than its max_attempts. What was held and
// never confirmed is left out: that it counts while held, CoreModelTest looks at.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/model/cases.h"
#include "tests/model/civil.h"
#include "tests/model/compare.h"
#include "tests/model/generate.h"
#include "tests/model/tally.h"

namespace consent::model {
namespace {

// Every window position that matters ends at a contact: it holds that contact and those before it.
// A limit binds the contacts that its own grant allowed; those another grant allowed count with
// them, but may themselves stand beyond.
std::optional<std::string> Excess(const std::vector<core::Grant>& grants,
                                  const std::vector<Made>& made, const absl::TimeZone& zone) {
  for (const core::Grant& grant : grants) {
    for (const core::Limit& limit : grant.limits) {
      const auto counts = [&](const Made& m) {
        return m.request.company == grant.company && limit.channels.Has(m.request.channel) &&
               grant.purposes.Has(m.request.purpose);
      };
      for (size_t last = 0; last < made.size(); ++last) {
        if (!counts(made[last]) || made[last].grant != grant.id) continue;
        int64_t contacts = 0;
        int64_t attempts = 0;
        for (size_t i = 0; i <= last; ++i) {
          if (!counts(made[i]) ||
              !Together(limit.window, grant.valid_from, made[i].at, made[last].at, zone)) {
            continue;
          }
          ++attempts;
          if (!limit.max_attempts.has_value() || !made[i].reached_nobody) ++contacts;
        }
        if (contacts > limit.max || attempts > limit.max_attempts.value_or(attempts)) {
          return absl::StrCat("limit ", limit.id, " of ", grant.id, ": ", contacts,
                              " contacts and ", attempts, " attempts in the window at ",
                              Show(made[last].at));
        }
      }
    }
  }
  return std::nullopt;
}

void NothingInExcess(const Shape& shape) {
  const Scenario scenario = *AnyScenario(shape);
  absl::TimeZone zone;
  absl::LoadTimeZone(scenario.world.zones.empty() ? "UTC" : scenario.world.zones[0], &zone);
  Core core(scenario.world);
  Tally tally;
  std::vector<core::Grant> grants;
  for (const Step& step : scenario.steps) {
    const core::Decision said = core.Play(step);
    if (core.breach().has_value()) RC_FAIL(*core.breach());
    if (const auto* grant = std::get_if<core::Grant>(&step.act);
        grant != nullptr && said.reason == core::Reason::kOk) {
      grants.push_back(*grant);
    }
    tally.Take(step, said, core);
    const std::optional<std::string> excess = Excess(grants, tally.At(step.at), zone);
    if (excess.has_value()) RC_FAIL(*excess + " after the step at " + Show(step.at));
  }
}

TEST(LimitPropertyTest, NoWindowOfAnyLimitEverHoldsMoreThanItsMax) {
  CheckCases(kUsualCases, [] { NothingInExcess({.steps_max = 60}); });
}

TEST(LimitPropertyTest, NoWindowOfASingleGrantEverHoldsMoreThanItsMax) {
  CheckCases(kUsualCases, [] { NothingInExcess({.steps_max = 120, .one_grant = true}); });
}

}  // namespace
}  // namespace consent::model
