// SPDX-License-Identifier: Apache-2.0
//
// A scenario: one consumer, and what is said and asked about them, step after step. It prints
// itself as a file for `consentctl simulate`, so that a failure found here can be replayed there.
//
// Steps are referred to by name, not by place: dropping a step leaves the others as they were, and
// a reference to a dropped one is a reference to no permit.

#ifndef CONSENT_MODEL_SCENARIO_H_
#define CONSENT_MODEL_SCENARIO_H_

#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/decision.h"
#include "src/consent/grant.h"
#include "src/consent/vocabulary.h"

namespace consent::model {

struct Revoke {
  std::string company;
  std::string grant;  // Empty: all.
};
struct BlockAll {
  std::string company;  // "*": all.
  core::ChannelSet channels;
};
struct Unblock {
  std::string company;
};
struct Consume {
  core::Request request;
};
struct Check {
  core::Request request;  // Without request_id and hold.
};
// Each names a Consume step.
struct Confirm {
  int of = 0;
};
struct Release {
  int of = 0;
};
struct Report {
  int of = 0;
  core::Outcome outcome = core::Outcome::kUnspecified;
};

// The journal goes on without its entries since `lost_from`.
struct Recovered {
  Instant lost_from;
};

using Act = std::variant<core::Grant, Revoke, BlockAll, Unblock, Consume, Check, Confirm, Release,
                         Report, Recovered>;

struct Step {
  Instant at;
  int name = 0;  // Unique in the scenario.
  Act act;
};

struct Scenario {
  std::string zone;  // Empty: unknown.
  std::vector<Step> steps;
};

// Every zone that scenarios use: east and west, whole and half hours, skipped and repeated days.
const std::vector<std::string>& Zones();

// "2026-03-29T01:59:59Z", or "never".
std::string Show(Instant t);

// As a scenario file.
std::ostream& operator<<(std::ostream& out, const Scenario& scenario);

}  // namespace consent::model

#endif  // CONSENT_MODEL_SCENARIO_H_
