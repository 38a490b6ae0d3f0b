// SPDX-License-Identifier: Apache-2.0
//
// Rules in words: one line each, for tables, documentation and tests.

#ifndef CONSENT_RULES_DESCRIBE_H_
#define CONSENT_RULES_DESCRIBE_H_

#include <string>

#include "src/consent/law.h"
#include "src/rules/pack.h"

namespace consent::rules {

// Whom and what a rule of `pack` binds: "CALL; DIRECT_MARKETING, PRESS; all bases but CALLBACK;
// from 2023-03-01". What is not said is not restricted; regions are named where they are not the
// pack's. "any contact" for a rule that binds all. Dates are days in the pack's zone.
std::string DescribeScope(const Pack& pack, const core::Scope& scope);

// What it demands: "MON-FRI 10:00-13:00 ...", "at most 4 attempts, ROLLING 30 DAY".
std::string DescribeBody(const core::Rule& rule);

}  // namespace consent::rules

#endif  // CONSENT_RULES_DESCRIBE_H_
