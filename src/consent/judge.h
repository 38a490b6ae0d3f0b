// SPDX-License-Identifier: Apache-2.0
//
// Judging a question limits aside: objections, the ground, prohibitions, zone, hours, silence and
// the displayed number, in the order of docs/reference/scenario.md, "Reasons". Private to the core.

#ifndef CONSENT_CONSENT_JUDGE_H_
#define CONSENT_CONSENT_JUDGE_H_

#include "src/base/instant.h"
#include "src/consent/ground.h"
#include "src/consent/question.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

struct Standing {
  Reason reason = Reason::kUnspecified;  // kOk: only limits can deny.
  Ground ground;                         // As far as it was asked: not where something objects.
  const Rule* rule = nullptr;            // The law that decided; null when none did.
};

// The first reason, limits aside, for which the question is answered no at `t`.
Standing JudgeAsideLimits(const Question& question, Instant t);

// The first moment after `t` at which what was judged at `t` may be judged otherwise, limits and
// hours aside; kNever when there is none.
Instant NextEdge(const Question& question, const Standing& standing, Instant t);

// The first moment after `t` at which the question, allowed at `t`, is answered no, limits aside;
// `until` if it is not before that.
Instant ForbiddenFrom(const Question& question, Instant t, Instant until);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_JUDGE_H_
