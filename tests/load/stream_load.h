// SPDX-License-Identifier: Apache-2.0
//
// Stream load: batches over StreamCheckAndConsume, on several streams at once, a few messages in
// flight on each.

#ifndef CONSENT_LOAD_STREAM_LOAD_H_
#define CONSENT_LOAD_STREAM_LOAD_H_

#include <cstdint>
#include <functional>

#include "consent/v1/contact_service.pb.h"
#include "tests/load/unary_load.h"

namespace consent::load {

// Makes the message number `serial`; serials count from 0, each comes once. Called on several
// threads at once.
using MakeBatch = std::function<void(uint64_t serial, v1::StreamCheckAndConsumeRequest& batch)>;
// Sees the answers to the message number `serial`, in order; called on several threads at once.
using SeeBatch = std::function<void(uint64_t serial, const v1::StreamCheckAndConsumeResponse&)>;

// One stream a connection. LoadOptions::in_flight counts messages, at least one a stream and at
// most 16. An item's error counts as a failure.
LoadReport ConsumeStream(const LoadOptions& options, const MakeBatch& make, const SeeBatch& see);

}  // namespace consent::load

#endif  // CONSENT_LOAD_STREAM_LOAD_H_
