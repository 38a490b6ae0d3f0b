// SPDX-License-Identifier: Apache-2.0
//
// Smaller scenarios: fewer steps first, then simpler ones, all at the times they had.

#include <algorithm>
#include <utility>

#include "tests/model/generate.h"

namespace consent::model {
namespace {

// Grants with one thing less.
std::vector<core::Grant> Simpler(const core::Grant& grant) {
  std::vector<core::Grant> out;
  const auto with = [&](auto change) {
    core::Grant copy = grant;
    change(copy);
    if (!(copy == grant)) out.push_back(copy);
  };
  with([](core::Grant& g) { g.hours.clear(); });
  with([](core::Grant& g) { g.outside_legal_hours.clear(); });
  with([](core::Grant& g) { g.valid_until = kNever; });
  with([](core::Grant& g) {
    g.signed_by = core::Signer::kConsumer;
    g.collected_at = {};
  });
  for (size_t i = 0; i < grant.limits.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    if (grant.limits.size() > 1) {
      with([&](core::Grant& g) { g.limits.erase(g.limits.begin() + at); });
    }
    with([&](core::Grant& g) { g.limits[i].max_attempts.reset(); });
    with([&](core::Grant& g) { g.limits[i].window.count = 1; });
    for (int channel = 1; channel <= core::kChannelMax; ++channel) {
      core::ChannelSet rest = grant.limits[i].channels;
      rest.bits &= static_cast<uint16_t>(~(1u << channel));
      if (!rest.empty()) with([&](core::Grant& g) { g.limits[i].channels = rest; });
    }
  }
  for (size_t i = 0; grant.hours.size() > 1 && i < grant.hours.size(); ++i) {
    with([&](core::Grant& g) { g.hours.erase(g.hours.begin() + static_cast<std::ptrdiff_t>(i)); });
  }
  for (int purpose = 1; purpose <= core::kPurposeMax; ++purpose) {
    core::PurposeSet rest = grant.purposes;
    rest.bits &= static_cast<uint16_t>(~(1u << purpose));
    if (!rest.empty()) with([&](core::Grant& g) { g.purposes = rest; });
  }
  return out;
}

}  // namespace

std::vector<Scenario> Smaller(const Scenario& scenario) {
  std::vector<Scenario> out;
  const size_t size = scenario.steps.size();
  // Without a run of steps: a half, a quarter, ... down to single ones, the last first.
  for (size_t run = std::max<size_t>(size / 2, 1);; run /= 2) {
    for (size_t end = size; end >= run && end > 0; end -= run) {
      Scenario less = scenario;
      const auto last = less.steps.begin() + static_cast<std::ptrdiff_t>(end);
      less.steps.erase(last - static_cast<std::ptrdiff_t>(run), last);
      out.push_back(std::move(less));
    }
    if (run <= 1) break;
  }
  const World& world = scenario.world;
  if (!world.zones.empty() && world.zones != std::vector<std::string>{"UTC"}) {
    out.push_back(scenario);
    out.back().world.zones = {"UTC"};
  }
  for (size_t i = 0; i < world.law.rules.size(); ++i) {
    out.push_back(scenario);
    std::vector<core::Rule>& rules = out.back().world.law.rules;
    rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(i));
  }
  for (size_t i = 0; i < size; ++i) {
    const auto with = [&](Act act) {
      Scenario less = scenario;
      less.steps[i].act = std::move(act);
      out.push_back(std::move(less));
    };
    const Act& act = scenario.steps[i].act;
    if (const auto* grant = std::get_if<core::Grant>(&act)) {
      for (core::Grant& simpler : Simpler(*grant)) with(std::move(simpler));
    } else if (const auto* consume = std::get_if<Consume>(&act)) {
      Consume less = *consume;
      less.request.hold = {};
      if (!(less.request == consume->request)) with(less);
      less = *consume;
      less.request.permit_ttl = core::kPermitTtlDefault;
      if (!(less.request == consume->request)) with(less);
    }
  }
  return out;
}

}  // namespace consent::model
