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
#include "src/consent/block.h"
#include "src/consent/contract.h"
#include "src/consent/decision.h"
#include "src/consent/delegation.h"
#include "src/consent/grant.h"
#include "src/consent/law.h"
#include "src/consent/listing.h"
#include "src/consent/place.h"
#include "src/consent/preferences.h"
#include "src/consent/vocabulary.h"

namespace consent::simulate {

struct Consumer {
  std::string id;
  core::Place place;                  // Zones stated, or found from the number; none: unknown.
  std::vector<absl::TimeZone> zones;  // Those of `place`.
  std::vector<std::string> keys;      // Of the people who share the line; none: one person.

  // In which times are shown.
  absl::TimeZone zone() const { return zones.empty() ? absl::UTCTimeZone() : zones[0]; }
};

// What the directory would say of a company from the beginning.
struct Company {
  std::string id;
  std::string group;
  core::PurposeSet sectors;
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
  core::Block block;
};
struct UnblockStep {
  ConsumerIndex consumer = 0;
  core::Whose whose = core::Whose::kCompany;
  std::string company;
};
struct PreferencesStep {
  ConsumerIndex consumer = 0;
  core::Preferences preferences;
};
struct ContractStep {
  ConsumerIndex consumer = 0;
  core::Contract contract;
};
struct ContestStep {
  ConsumerIndex consumer = 0;
  std::string company;
  std::string contract;  // Empty: every contract of the company's.
};
struct CallbackStep {
  ConsumerIndex consumer = 0;
  core::Callback callback;
};
// A consumer on a list, or, without one, a new copy of the list.
struct ListStep {
  std::optional<ConsumerIndex> consumer;
  core::Listing listing;
  bool removed = false;
};
struct HolderStep {
  ConsumerIndex consumer = 0;
  bool new_holder = false;
  core::HolderClass holder = core::HolderClass::kUnspecified;
};
// Steps of the directory, of no consumer.
struct DelegateStep {
  core::Delegation delegation;
};
struct UndelegateStep {
  std::string company;
  std::string processor;
};
struct NumberStep {
  std::string company;
  std::string number;
  bool removed = false;
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
  // Whose word it is, by the consumer's `keys`; only of what a consumer with keys says.
  std::optional<size_t> key;
  std::variant<GrantStep, RevokeStep, BlockStep, UnblockStep, ConsumeStep, CheckStep, ConfirmStep,
               ReleaseStep, OutcomeStep, RecoveredStep, PreferencesStep, ContractStep, ContestStep,
               CallbackStep, ListStep, HolderStep, DelegateStep, UndelegateStep, NumberStep>
      action;
};

struct Scenario {
  core::Law law;  // Of the rule packs in force.
  std::vector<Company> companies;
  std::vector<Consumer> consumers;
  std::vector<Step> steps;

  // Whom the step at `index` is about; none: all of them.
  std::optional<ConsumerIndex> ConsumerOf(StepIndex index) const;
};

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_SCENARIO_H_
