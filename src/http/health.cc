// SPDX-License-Identifier: Apache-2.0

#include "src/http/health.h"

#include <string>
#include <string_view>

#include "src/http/unary_call.h"

namespace consent::http {
namespace {

constexpr std::string_view kHealth = "/health";
constexpr std::string_view kLive = "/health/live";
constexpr absl::Duration kTimeout = absl::Seconds(2);
// HealthCheckResponse{status: SERVING}, in the only form that protobuf has for it.
constexpr std::string_view kServing("\x08\x01", 2);

}  // namespace

grpc::Status CheckServing(const std::shared_ptr<grpc::Channel>& channel, absl::Duration timeout) {
  std::string answer;
  // HealthCheckRequest for the server as a whole: an empty message.
  const grpc::Status status =
      CallUnary(channel, "/grpc.health.v1.Health/Check", "", {}, timeout, answer);
  if (!status.ok() || answer == kServing) return status;
  return {grpc::StatusCode::UNAVAILABLE, "the server says that it does not serve"};
}

bool IsHealthPath(std::string_view path) { return path == kHealth || path == kLive; }

Response AnswerHealth(const std::shared_ptr<grpc::Channel>& channel, const Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return Text(405, "GET and HEAD only");
  Response response = Text(200, "alive");
  if (request.path == kHealth) {
    const bool serving = CheckServing(channel, kTimeout).ok();
    response = serving ? Text(200, "serving") : Text(503, "not serving");
  }
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace consent::http
