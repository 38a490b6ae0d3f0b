// SPDX-License-Identifier: Apache-2.0
//
// A request id that already took a unit, asked again. Private to the core.
//
// It never takes a second unit, never gives a second contact, and never gives the right to what
// has been forbidden meanwhile: docs/reference/scenario.md, "Same request id". A permit that is
// held gives no right, so it is answered again as long as it is held.

#ifndef CONSENT_CONSENT_REPEAT_H_
#define CONSENT_CONSENT_REPEAT_H_

#include "src/base/instant.h"
#include "src/consent/decide.h"
#include "src/consent/decision.h"
#include "src/consent/question.h"
#include "src/consent/record.h"

namespace consent::core {

// The answer to `request`, whose id took `earlier`. The first answer again, without an event; a
// denial, with one; or ERROR when the content differs (channel, purpose, permit_ttl, hold,
// caller_number).
Judgement DecideRepeat(const Question& question, const Contact& earlier, const Request& request,
                       Instant now);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_REPEAT_H_
