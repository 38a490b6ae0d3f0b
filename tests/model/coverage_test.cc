// SPDX-License-Identifier: Apache-2.0
//
// What the random scenarios reach: each reason, each basis, each kind of limit and each kind of law
// decides somewhere. A comparison of core and model says nothing of what never comes up.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>

#include "absl/strings/match.h"
#include "tests/model/generate.h"
#include "tests/model/model.h"

namespace consent::model {
namespace {

using core::Basis;
using core::Reason;
using core::Verdict;

constexpr uint64_t kScenarios = 2000;

// Only signatures and their times lead there, which the simulation has; and what a company is told
// where a limit of the preferences is full.
constexpr Reason kElsewhere[] = {Reason::kStatementTooOld, Reason::kStatementFromFuture,
                                 Reason::kNarrowedSince,   Reason::kKeyNotBound,
                                 Reason::kAlreadyBound,    Reason::kConsumerLimit};

struct Seen {
  std::set<Reason> reasons;
  std::set<Basis> bases;
  std::set<std::string> limits;     // Full, by whose they are.
  std::set<std::string> deciders;   // The reason and the kind of rule that decided.
  std::set<std::string> confirmed;  // Why a confirmation was refused.
};

std::string WhoseIs(const std::string& limit) {
  if (absl::StartsWith(limit, "law/callback") || limit == "callback") return "callback";
  if (absl::StartsWith(limit, "law/")) return "law";
  return absl::StartsWith(limit, "preferences/") ? "preferences" : "grant";
}

Seen Play(const Shape& shape) {
  Seen seen;
  for (uint64_t seed = 1; seed <= kScenarios; ++seed) {
    const Scenario scenario = MakeScenario(seed, shape);
    Model model(scenario.world, /*look_ahead=*/false);
    for (const Step& step : scenario.steps) {
      const Answer said = model.Play(step);
      seen.reasons.insert(said.reason);
      if (said.verdict == Verdict::kAllowed) seen.bases.insert(said.basis);
      if (!said.limit.empty()) seen.limits.insert(WhoseIs(said.limit));
      if (!said.rule.empty())
        seen.deciders.insert(std::string(Name(said.reason)) + " " + said.rule);
      if (std::holds_alternative<Confirm>(step.act)) {
        seen.confirmed.insert(std::string(Name(said.reason)));
      }
    }
  }
  return seen;
}

TEST(CoverageTest, UnderLawEveryReasonBasisAndKindOfRuleComesUp) {
  const Seen seen = Play({.steps_max = 80, .law = true});
  for (int i = 1; i <= core::kReasonMax; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (std::count(std::begin(kElsewhere), std::end(kElsewhere), reason) > 0) continue;
    EXPECT_TRUE(seen.reasons.contains(reason)) << Name(reason);
  }
  for (int i = 1; i <= core::kBasisMax; ++i) {
    EXPECT_TRUE(seen.bases.contains(static_cast<Basis>(i))) << Name(static_cast<Basis>(i));
  }
  for (const char* const whose : {"law", "grant", "preferences", "callback"}) {
    EXPECT_TRUE(seen.limits.contains(whose)) << "a full limit of " << whose;
  }
  for (const char* const decider :
       {"OK contract", "OK similar", "OK service", "OK press", "OK callback",
        "NO_PERMISSION guardian", "PROHIBITED ban", "OUTSIDE_HOURS hours", "OUTSIDE_HOURS hours2",
        "SILENCE silence", "CALLER_NUMBER caller", "LISTED list", "UNSCREENED list",
        "LIMIT_REACHED attempts", "LIMIT_REACHED attempts2", "LIMIT_REACHED callback"}) {
    EXPECT_TRUE(seen.deciders.contains(decider)) << decider;
  }
  // What was held, and is forbidden before it is confirmed.
  for (const char* const reason :
       {"REVOKED", "BLOCKED", "PAUSED", "LISTED", "OUTSIDE_HOURS", "NO_PERMISSION"}) {
    EXPECT_TRUE(seen.confirmed.contains(reason)) << "a confirmation refused: " << reason;
  }
}

}  // namespace
}  // namespace consent::model
