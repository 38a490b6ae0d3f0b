// SPDX-License-Identifier: Apache-2.0
//
// Between the public API and the messages of the wire. Nothing is believed because it came from a
// ledger: what makes no sense becomes an error, never a right to contact.

#ifndef CONSENT_CLIENT_TRANSLATE_H_
#define CONSENT_CLIENT_TRANSLATE_H_

#include <string>

#include "consent/client.h"
#include "consent/v1/contact_service.pb.h"
#include "google/rpc/status.pb.h"
#include "src/client/uptime.h"

namespace consent::client {

v1::CheckAndConsumeRequest ToWire(const Request& request);
v1::CheckRequest ToCheck(const Request& request);
v1::BatchHeader ToWire(const BatchHeader& header);

// An error where the message has no verdict that is known, or is allowed without a reason why.
Answer FromWire(const v1::Decision& decision, const std::string& company, Uptime asked_at);
// The same with the receipt and the signed permit that it brought.
Answer FromWire(const v1::CheckAndConsumeResponse& response, const std::string& company,
                Uptime asked_at);
Answer FromWire(const v1::BatchResult& result, const std::string& company, Uptime asked_at);

Error FromWire(const google::rpc::Status& status);

// The answer to a confirmation that was sent at `asked_at`; one recorded without contact_before or
// answered_at is an error.
Answer FromWire(const Answer& held, const v1::ConfirmPermitResponse& response, Uptime asked_at);
// The answer to a release or an outcome.
PermitAnswer FromWire(const v1::PermitAnswer& answer, int attempts);

}  // namespace consent::client

#endif  // CONSENT_CLIENT_TRANSLATE_H_
