// SPDX-License-Identifier: Apache-2.0
//
// Judging a question limits aside: blocks, the grant that speaks, its channels, zone and hours, in
// the order of docs/reference/scenario.md, "Reasons". Private to the core.

#ifndef CONSENT_CONSENT_JUDGE_H_
#define CONSENT_CONSENT_JUDGE_H_

#include "src/base/instant.h"
#include "src/consent/question.h"
#include "src/consent/record.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

struct Standing {
  Reason reason = Reason::kUnspecified;  // kOk: only limits can deny.
  const KeptGrant* grant = nullptr;      // The grant that spoke; null when none was asked.
};

// The first reason, limits aside, for which the question is answered no at `t`.
Standing JudgeAsideLimits(const Question& question, Instant t);

// The first moment after `t` at which the question, allowed at `t`, is answered no, limits aside;
// `until` if it is not before that.
Instant ForbiddenFrom(const Question& question, Instant t, Instant until);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_JUDGE_H_
