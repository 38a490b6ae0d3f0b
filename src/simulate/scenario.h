// SPDX-License-Identifier: Apache-2.0
//
// A scenario: consumers, and what happens to them at given times. The typed form of a scenario
// file (docs/reference/scenario.md).
//
// Invariant: a Scenario made by `ParseScenario` is sound. Times of steps never go back, every
// consumer and step named exists, every grant and request is within the core's limits.
// `RunScenario` relies on it.

#ifndef CONSENT_SIMULATE_SCENARIO_H_
#define CONSENT_SIMULATE_SCENARIO_H_

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/decision.h"
#include "src/consent/grant.h"
#include "src/consent/vocabulary.h"

namespace consent::simulate {

struct Consumer {
  std::string id;
  std::string zone_name;               // IANA; "" when the zone is unknown.
  std::optional<absl::TimeZone> zone;  // Stated, or found from the number.
};

// Positions in `Scenario::consumers` and `Scenario::steps`.
using ConsumerIndex = size_t;
using StepIndex = size_t;

struct GrantStep {
  ConsumerIndex consumer = 0;
  core::Grant grant;
};
struct RevokeStep {
  ConsumerIndex consumer = 0;
  std::string company;
  std::string grant;  // Empty: every grant of the company's.
};
struct BlockStep {
  ConsumerIndex consumer = 0;
  std::string company;  // "*": every company.
  core::ChannelSet channels;
};
struct UnblockStep {
  ConsumerIndex consumer = 0;
  std::string company;
};
struct ConsumeStep {
  ConsumerIndex consumer = 0;
  core::Request request;
};
struct CheckStep {
  ConsumerIndex consumer = 0;
  core::Request request;
};
// `of` is an earlier ConsumeStep.
struct ConfirmStep {
  StepIndex of = 0;
};
struct ReleaseStep {
  StepIndex of = 0;
};
struct OutcomeStep {
  StepIndex of = 0;
  core::Outcome outcome = core::Outcome::kUnspecified;
};

// The ledger goes on after a loss that somebody accepted. Of all consumers.
struct RecoveredStep {
  Instant lost_from;  // The time of the last entry kept.
};

struct Step {
  Instant at;
  std::variant<GrantStep, RevokeStep, BlockStep, UnblockStep, ConsumeStep, CheckStep, ConfirmStep,
               ReleaseStep, OutcomeStep, RecoveredStep>
      action;
};

struct Scenario {
  std::vector<Consumer> consumers;
  std::vector<Step> steps;

  // Whom the step at `index` is about; none: all of them.
  std::optional<ConsumerIndex> ConsumerOf(StepIndex index) const;
};

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_SCENARIO_H_
