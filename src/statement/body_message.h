// SPDX-License-Identifier: Apache-2.0
//
// What was signed: the core's words as the wire's, to show them again.

#ifndef CONSENT_STATEMENT_BODY_MESSAGE_H_
#define CONSENT_STATEMENT_BODY_MESSAGE_H_

#include "consent/v1/statement.pb.h"
#include "google/protobuf/repeated_field.h"
#include "src/consent/block.h"
#include "src/consent/contract.h"
#include "src/consent/grant.h"
#include "src/consent/preferences.h"
#include "src/consent/vocabulary.h"

namespace consent::statement {

// Each as its signer could have written it, evidence left out: reading the message gives the same
// again. `message` is empty before.
void ToMessage(const core::Grant& grant, v1::Grant* message);
void ToMessage(const core::Preferences& preferences, v1::Preferences* message);
void ToMessage(const core::Contract& contract, v1::Contract* message);
void ToMessage(const core::Callback& callback, v1::CallbackRequest* message);

// A set as the numbers of its members.
void ToMessage(core::ChannelSet channels, google::protobuf::RepeatedField<int>* message);
void ToMessage(core::PurposeSet purposes, google::protobuf::RepeatedField<int>* message);

// Whose name stands in a block.
v1::BlockTarget ToMessage(core::Whose whose);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_BODY_MESSAGE_H_
