// SPDX-License-Identifier: Apache-2.0
//
// Observer: who counts and writes down what calls come to. It sees how a call went, never what was
// in it: no request and no response is shown to it.
//
// Threads: all methods from any thread, committers' and gRPC's own among them: none may block.

#ifndef CONSENT_API_OBSERVER_H_
#define CONSENT_API_OBSERVER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "src/access/identity.h"
#include "src/consent/vocabulary.h"

namespace consent::api {

// How somebody asked for a decision.
enum class Way : uint8_t { kUnary = 0, kBatch = 1, kStream = 2, kCheck = 3 };
inline constexpr int kWays = 4;

// A call that has ended.
struct CallEnd {
  int method;                                  // Its number in Methods() (method.h).
  const absl::Status& status;                  // What its caller is told; its reason: fault.h.
  int64_t nanos;                               // From its arrival until its answer was ready.
  bool at_gate;                                // It was turned away, and no handler saw it.
  const access::Caller* caller;                // Who called; null where nobody knows.
  const grpc::CallbackServerContext& context;  // For TraceIdOf.
};

// The trace that a call belongs to, by its header `traceparent` (W3C Trace Context); empty where
// there is none, or none that is well formed.
std::string TraceIdOf(const grpc::CallbackServerContext& context);

class Observer {
 public:
  virtual ~Observer() = default;

  // Whether the call may begin. Unavailable (AUDIT_UNAVAILABLE): what it does could not be written
  // down, so it must not be done.
  virtual absl::Status MayBegin(int method) = 0;
  virtual void Ended(const CallEnd& end) = 0;
  // The gate turned a call away, which Ended tells of as well, or one message of a stream.
  virtual void Refused(const CallEnd& end) = 0;
  // A message of a stream was answered.
  virtual void Answered(int method, int64_t nanos) = 0;
  // A decision was taken.
  virtual void Decided(Way way, core::Channel channel, core::Reason reason) = 0;
  // A signed statement was judged.
  virtual void Stated(bool accepted) = 0;
};

}  // namespace consent::api

#endif  // CONSENT_API_OBSERVER_H_
