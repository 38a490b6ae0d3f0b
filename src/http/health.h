// SPDX-License-Identifier: Apache-2.0
//
// Health: what gRPC's health service (grpc.health.v1) says of the server behind a channel, and the
// paths that say it to whoever speaks no gRPC:
//
//   /health        200 while the ledger serves, 503 otherwise
//   /health/live   200 as long as this port answers at all
//
// Both are open to everybody and say nothing else. Threads: safe from any thread.

#ifndef CONSENT_HTTP_HEALTH_H_
#define CONSENT_HTTP_HEALTH_H_

#include <memory>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "src/http/message.h"

namespace consent::http {

// OK while the server serves. UNAVAILABLE when it says that it does not; what the call ended with
// otherwise, after `timeout` at the latest.
grpc::Status CheckServing(const std::shared_ptr<grpc::Channel>& channel, absl::Duration timeout);

bool IsHealthPath(std::string_view path);
// 405 for other methods than GET and HEAD.
Response AnswerHealth(const std::shared_ptr<grpc::Channel>& channel, const Request& request);

}  // namespace consent::http

#endif  // CONSENT_HTTP_HEALTH_H_
