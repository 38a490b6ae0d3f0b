// SPDX-License-Identifier: Apache-2.0
//
// Answers of the ledger, written out.

#ifndef CONSENT_CONSENTCTL_ANSWER_H_
#define CONSENT_CONSENTCTL_ANSWER_H_

#include <string>

#include "consent/v1/contact_service.pb.h"
#include "google/protobuf/repeated_field.h"
#include "src/consentctl/output.h"
#include "src/consentctl/session.h"

namespace consent::ctl {

// "calls: 0, all: 4".
std::string RemainingText(const google::protobuf::RepeatedPtrField<v1::Remaining>& remaining);
Json RemainingJson(const google::protobuf::RepeatedPtrField<v1::Remaining>& remaining);

// Writes a decision and returns its exit code: kExitOk for ALLOWED alone.
int WriteDecision(const Session& session, const v1::Decision& decision);

// The same for what became of a confirm, release or outcome: kExitOk when done.
int WritePermitAnswer(const Session& session, const v1::PermitAnswer& answer);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_ANSWER_H_
