// SPDX-License-Identifier: Apache-2.0
//
// The promise itself, counted without judging anything: whatever is asked, no window of any limit
// ever holds more contacts than its max, nor more attempts than its max_attempts.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/model/cases.h"
#include "tests/model/civil.h"
#include "tests/model/compare.h"
#include "tests/model/generate.h"

namespace consent::model {
namespace {

using core::Outcome;
using core::Verdict;

struct Made {
  Instant at;
  core::Request request;
  std::string grant;
  bool confirmed = false;
  bool given_back = false;
  bool reached_nobody = false;
};

// The contacts that the core's answers gave away, in order, as they stand at the end. What was held
// and never confirmed is left out: that it counts while held, the step below looks at.
class Tally {
 public:
  void Take(const Step& step, const core::Decision& said, const Core& core) {
    if (const auto* consume = std::get_if<Consume>(&step.act)) {
      if (said.verdict != Verdict::kAllowed) return;
      made_.try_emplace(core.Permit(step.name), Made{step.at, consume->request, said.grant,
                                                     consume->request.hold.count == 0});
      return;
    }
    if (const auto* confirm = std::get_if<Confirm>(&step.act)) {
      const auto made = made_.find(core.Permit(confirm->of));
      if (made == made_.end()) return;
      if (said.verdict == Verdict::kDone) made->second.confirmed = true;
      // Refused for what the consumer or the clock says: the unit goes back.
      if (said.verdict == Verdict::kDenied && said.reason != core::Reason::kAlreadyDone &&
          said.reason != core::Reason::kPermitLapsed) {
        made->second.given_back = true;
      }
      return;
    }
    if (said.verdict != Verdict::kDone) return;
    if (const auto* release = std::get_if<Release>(&step.act)) {
      made_.at(core.Permit(release->of)).given_back = true;
    } else if (const auto* report = std::get_if<Report>(&step.act)) {
      Made& made = made_.at(core.Permit(report->of));
      made.given_back |= report->outcome == Outcome::kNotSent;
      made.reached_nobody = report->outcome == Outcome::kNoAnswer ||
                            report->outcome == Outcome::kBusy ||
                            report->outcome == Outcome::kFailed;
    }
  }

  // Those that count at `now`.
  std::vector<Made> At(Instant now) const {
    std::vector<Made> all;
    for (const auto& [position, made] : made_) {
      const bool lapsed = !made.confirmed && now >= made.at + made.request.hold;
      if (!made.given_back && !lapsed) all.push_back(made);
    }
    return all;
  }

 private:
  std::map<LeafIndex, Made> made_;
};

// Whether contacts at `a` and `b`, a <= b, ever lie in one window of the limit.
bool Together(const core::Grant& grant, const core::Window& window, Instant a, Instant b,
              const absl::TimeZone& zone) {
  if (window.period == core::Period::kLifetime) return a >= grant.valid_from;
  switch (window.alignment) {
    case core::Alignment::kCalendar:
      return BlockOf(DayOf(a, zone), window.period, window.count) ==
             BlockOf(DayOf(b, zone), window.period, window.count);
    case core::Alignment::kRolling:
      return b < Plus(a, window.period, window.count, zone);
    default:
      return a >= grant.valid_from &&
             AnniversaryOf(a, grant.valid_from, window.period, window.count, zone) ==
                 AnniversaryOf(b, grant.valid_from, window.period, window.count, zone);
  }
}

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
          if (!counts(made[i]) || !Together(grant, limit.window, made[i].at, made[last].at, zone)) {
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
  absl::LoadTimeZone(scenario.zone, &zone);
  Core core(scenario.zone);
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
