// SPDX-License-Identifier: Apache-2.0
//
// Unary load: a fixed number of calls in flight, each followed by the next as soon as it is
// answered, over gRPC's callback API.
//
// A failed call is counted, not repeated: under load nothing may fail.

#ifndef CONSENT_LOAD_UNARY_LOAD_H_
#define CONSENT_LOAD_UNARY_LOAD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "consent/v1/contact_service.pb.h"
#include "grpcpp/security/credentials.h"
#include "tests/load/latencies.h"

namespace consent::load {

struct LoadOptions {
  std::string address;
  std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr;  // Null: unencrypted.
  int in_flight = 1;    // Calls, or messages of streams.
  int connections = 1;  // Calls are spread over so many, evenly; at most in_flight.
  absl::Duration warm_up = absl::Milliseconds(200);  // Not measured.
  absl::Duration measured = absl::Seconds(1);
  uint64_t serials_max = UINT64_MAX;  // The load is over once so many calls or messages were made.
};

struct LoadReport {
  uint64_t measured = 0;  // Answers within the measured time; of batches, their items.
  uint64_t answered = 0;  // All answers, also those before and after.
  uint64_t failed = 0;
  std::string first_failure;
  absl::Duration took;  // The measured time, exactly.
  Latencies latencies;  // Of measured calls; of whole messages where they hold batches.

  double PerSecond() const { return static_cast<double>(measured) / absl::ToDoubleSeconds(took); }
};

// Makes the request number `serial`; serials count from 0, each comes once.
using MakeRequest = std::function<void(uint64_t serial, v1::CheckAndConsumeRequest& request)>;
// Sees every answer; called on several threads at once.
using SeeDecision = std::function<void(uint64_t serial, const v1::Decision& decision)>;

// CheckAndConsume, in a closed loop.
LoadReport ConsumeUnary(const LoadOptions& options, const MakeRequest& make,
                        const SeeDecision& see);

// The least a call can cost on the same server: Check of its health service, which answers at once
// from memory. Its messages are 0 and 2 bytes.
LoadReport CallEmpty(const LoadOptions& options);

}  // namespace consent::load

#endif  // CONSENT_LOAD_UNARY_LOAD_H_
