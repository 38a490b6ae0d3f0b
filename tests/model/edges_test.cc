// SPDX-License-Identifier: Apache-2.0
//
// The model's own claim to know the future, checked second by second: an answer changes only at
// moments that `Edges` lists, and `NextAllowed` and `ContactBefore` are what a walk finds.

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/cases.h"
#include "tests/model/civil.h"
#include "tests/model/generate.h"
#include "tests/model/model.h"

namespace consent::model {
namespace {

// Any request of the scenario's.
std::vector<core::Request> Requests(const Scenario& scenario) {
  std::vector<core::Request> requests;
  for (const Step& step : scenario.steps) {
    if (const auto* consume = std::get_if<Consume>(&step.act)) requests.push_back(consume->request);
    if (const auto* check = std::get_if<Check>(&step.act)) requests.push_back(check->request);
  }
  return requests;
}

void NothingChangesUnannounced(const Shape& shape) {
  const Scenario scenario = *AnyScenario(shape);
  Model model(scenario.world, false);
  for (const Step& step : scenario.steps) model.Play(step);
  const std::vector<core::Request> requests = Requests(scenario);
  RC_PRE(!requests.empty());
  const core::Request request = *rc::gen::elementOf(requests);
  const View view = model.Look(request.company);

  // From the scenario's end, or up to an edge soon after and a little further.
  Instant from = scenario.steps.back().at;
  const std::vector<Edge> edges = model.Edges(view, from, from + Seconds{400 * 86400});
  if (!edges.empty() && *rc::gen::inRange(0, 4) != 0) {
    from = std::max(from, (*rc::gen::elementOf(edges)).at - Seconds{1800});
  }
  const Instant to = from + Seconds{7200};
  std::set<Instant> listed;
  for (const Edge& edge : model.Edges(view, from, to)) listed.insert(edge.at);

  Finding found = model.Judge(view, request, from, false);
  std::optional<Instant> first_allowed;
  std::optional<Instant> first_forbidden;
  for (Instant t = from; t < to; t = t + Seconds{1}) {
    const Finding now = model.Judge(view, request, t, false);
    if (now != found) {
      if (!listed.contains(t)) RC_FAIL("a change that no edge announces, at " + Show(t));
      found = now;
    }
    if (now.reason == core::Reason::kOk && !first_allowed.has_value()) first_allowed = t;
    if (t > from && !first_forbidden.has_value() && now.reason != core::Reason::kOk &&
        now.reason != core::Reason::kLimitReached) {
      first_forbidden = t;
    }
  }
  const auto next = model.NextAllowed(view, request, from, from);
  if (first_allowed.has_value()) RC_ASSERT(next == first_allowed);
  if (!first_allowed.has_value() && next.has_value()) RC_ASSERT(*next >= to);
  if (model.Judge(view, request, from, true).reason != core::Reason::kOk) return;
  const Instant end = from + Seconds{3600};
  RC_ASSERT(model.ContactBefore(view, request, from, end) ==
            std::min(end, first_forbidden.value_or(end)));
}

TEST(EdgesTest, BetweenTwoEdgesNothingChanges) {
  CheckCases(kUsualCases / 10, [] { NothingChangesUnannounced({}); });
}

TEST(EdgesTest, BetweenTwoEdgesNoLawChangesAnything) {
  CheckCases(kUsualCases / 10, [] { NothingChangesUnannounced({.law = true}); });
}

// Around every change of offset, minute by minute.
TEST(EdgesTest, AMidnightIsWhereTheDayChanges) {
  for (const std::string& name : Zones()) {
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(name, &zone));
    for (const Instant change : Transitions(zone)) {
      absl::CivilDay day = DayOf(change - Seconds{90'000}, zone);
      for (Instant t = change - Seconds{90'000}; t < change + Seconds{90'000};
           t = t + Seconds{60}) {
        const absl::CivilDay now = DayOf(t, zone);
        ASSERT_GE(now, day) << name << " " << Show(t);  // A day never comes back.
        if (now != day) {
          ASSERT_LE(Moment(absl::CivilSecond(now), zone), t);
          ASSERT_GT(Moment(absl::CivilSecond(now), zone), t - Seconds{60}) << name << Show(t);
        }
        // The clock shows that day, but where it goes back across midnight.
        const absl::CivilDay shown(Wall(t, zone));
        ASSERT_TRUE(shown == now || (shown == now - 1 && t >= change)) << name << " " << Show(t);
        day = now;
      }
    }
  }
}

}  // namespace
}  // namespace consent::model
