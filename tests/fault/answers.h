// SPDX-License-Identifier: Apache-2.0
//
// Answers: what a client of a kill test notes of a decision, and what it may not be told.

#ifndef CONSENT_FAULT_ANSWERS_H_
#define CONSENT_FAULT_ANSWERS_H_

#include <memory>

#include "consent/v1/contact_service.pb.h"
#include "consent/v1/vocabulary.pb.h"
#include "grpcpp/channel.h"
#include "tests/fault/world.h"

namespace consent::fault {

// What was known of a consumer when a request was first sent.
struct Before {
  explicit Before(const Person& person) : revoked(person.revoked), erased(person.erased) {}
  bool revoked;
  bool erased;
};

// Notes the answer that came after `tries` calls. True when it is ALLOWED; `allowed`, which holds
// the request, then gets its entry and permit. Faults: ALLOWED after an acknowledged revocation or
// erasure, a new id said to be repeated, a denial for which there is no reason.
bool TakeAnswer(World& world, Person& person, const Before& before, const v1::Decision& decision,
                int tries, Allowed& allowed);

// CheckAndConsume until it is answered; returns the number of calls, 0: never.
int Ask(World& world, const v1::CheckAndConsumeRequest& request, v1::Decision& decision);

// What a Check of the person answers at this channel; unspecified where no answer came.
v1::Reason CheckAt(const std::shared_ptr<grpc::Channel>& channel, const Person& person);

}  // namespace consent::fault

#endif  // CONSENT_FAULT_ANSWERS_H_
