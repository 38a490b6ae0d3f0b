// SPDX-License-Identifier: Apache-2.0
//
// A scenario: one consumer, the law over them, and what is said and asked about them, step after
// step. It prints itself as a file for `consentctl simulate`, so that a failure found here can be
// replayed there; law, which no pack contains, as comments.
//
// Steps are referred to by name, not by place: dropping a step leaves the others as they were, and
// a reference to a dropped one is a reference to no permit.

#ifndef CONSENT_MODEL_SCENARIO_H_
#define CONSENT_MODEL_SCENARIO_H_

#include <iosfwd>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/block.h"
#include "src/consent/contract.h"
#include "src/consent/decision.h"
#include "src/consent/grant.h"
#include "src/consent/law.h"
#include "src/consent/preferences.h"
#include "src/consent/vocabulary.h"

namespace consent::model {

struct Revoke {
  std::string company;
  std::string grant;  // Empty: all.
};
struct Block {
  std::string company;  // Or the group, or the processor. "*": all companies.
  core::ChannelSet channels;
  core::Whose whose = core::Whose::kCompany;
  core::PurposeSet purposes = core::PurposeSet::All();
};
struct Unblock {
  std::string company;
  core::Whose whose = core::Whose::kCompany;
};
struct Contest {
  std::string company;
  std::string contract;  // Empty: all.
};
struct Holder {
  bool is_new = false;
  core::HolderClass holder = core::HolderClass::kUnspecified;
};
// The consumer is put on a list, or taken off it.
struct List {
  std::string list;
  std::string company;  // "*": against all.
  Instant listed_at;
  bool removed = false;
};
// What the directory learns: a new copy of a list came; a company lets a processor contact for it,
// or ends that; a company registers a number that it shows, or gives it up.
struct Copy {
  std::string list;
};
struct Delegate {
  std::string company;
  std::string processor;
  Instant from;
  Instant until = kNever;
};
struct Undelegate {
  std::string company;
  std::string processor;
};
struct Number {
  std::string company;
  std::string number;
  bool removed = false;
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

using Act = std::variant<core::Grant, Revoke, Block, Unblock, core::Preferences, core::Contract,
                         Contest, core::Callback, Holder, List, Copy, Delegate, Undelegate, Number,
                         Consume, Check, Confirm, Release, Report, Recovered>;

struct Step {
  Instant at;
  int name = 0;  // Unique in the scenario.
  Act act;
};

// What the directory says of a company from the beginning.
struct Company {
  std::string group;
  core::PurposeSet sectors;
};

// What does not change while a scenario is played.
struct World {
  std::vector<std::string> zones;    // That the consumer may live in; empty: unknown.
  std::vector<std::string> regions;  // Whose law may protect them; empty: unknown, every law does.
  core::Law law;
  std::map<std::string, Company> companies;
};

struct Scenario {
  World world;
  std::vector<Step> steps;
};

// Every zone that scenarios use: east and west, whole and half hours, skipped and repeated days.
const std::vector<std::string>& Zones();

// "2026-03-29T01:59:59Z", or "never".
std::string Show(Instant t);

// As a scenario file writes them.
std::string Show(core::ChannelSet channels);
std::string Show(core::PurposeSet purposes);
std::string Show(const core::Window& window);
std::string Show(const std::vector<core::Span>& spans);
// One line.
std::string Show(const core::Rule& rule);

// As a scenario file.
std::ostream& operator<<(std::ostream& out, const Scenario& scenario);

}  // namespace consent::model

#endif  // CONSENT_MODEL_SCENARIO_H_
