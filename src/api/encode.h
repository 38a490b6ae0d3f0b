// SPDX-License-Identifier: Apache-2.0
//
// Answers, translated into messages.

#ifndef CONSENT_API_ENCODE_H_
#define CONSENT_API_ENCODE_H_

#include <string>

#include "consent/v1/contact_service.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/api/context.h"
#include "src/contact/contact_id.h"
#include "src/ledger/command.h"

namespace consent::api {

// Tells the observer of a decision, if there is one.
void Observe(const Context& context, Way way, core::Channel channel,
             const ledger::ContactAnswer& answer);

void Encode(Instant time, google::protobuf::Timestamp* out);

void Encode(const Context& context, ShardId shard, const ledger::ContactAnswer& answer,
            const contact::SubjectId& subject, v1::Decision* out);

void Encode(const Context& context, ShardId shard, const ledger::PermitAnswer& answer,
            v1::PermitAnswer* out);

}  // namespace consent::api

#endif  // CONSENT_API_ENCODE_H_
