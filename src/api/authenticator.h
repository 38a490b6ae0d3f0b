// SPDX-License-Identifier: Apache-2.0
//
// Authenticator: says who makes a call.

#ifndef CONSENT_API_AUTHENTICATOR_H_
#define CONSENT_API_AUTHENTICATOR_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/server_context.h"
#include "src/access/identity.h"

namespace consent::api {

// Who calls, and until when that may be believed.
struct Visitor {
  std::shared_ptr<const access::Caller> caller;
  int64_t until_ms = INT64_MAX;  // Unix milliseconds of the wall clock, exclusive.
  uint64_t beliefs = 0;          // Of the authenticator, when it said so.
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // Unauthenticated (NO_CREDENTIALS, BAD_CREDENTIALS, CREDENTIALS_EXPIRED) for nobody. From any
  // thread; does not block.
  virtual absl::StatusOr<Visitor> Identify(const grpc::CallbackServerContext& call) = 0;
  // Another number whenever what is believed has changed: then whoever was let in before, and is
  // still here, is asked again. From any thread.
  virtual uint64_t beliefs() const { return 0; }
};

}  // namespace consent::api

#endif  // CONSENT_API_AUTHENTICATOR_H_
