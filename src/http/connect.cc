// SPDX-License-Identifier: Apache-2.0

#include "src/http/connect.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/support/status.h"
#include "src/base/loopback.h"
#include "src/base/traceparent.h"
#include "src/http/connect_error.h"
#include "src/http/connect_json.h"
#include "src/http/unary_call.h"

namespace consent::http {
namespace {

namespace pb = google::protobuf;

constexpr char kJson[] = "application/json";
constexpr char kProto[] = "application/proto";
// The protocol's: a timeout has at most ten digits.
constexpr size_t kTimeoutDigitsMax = 10;

Response Refuse(grpc::StatusCode code, const std::string& message) {
  return ConnectError(grpc::Status(code, message));
}

// The content type without its parameters, if it is one of the two.
std::optional<std::string> CodecOf(const Request& request) {
  const std::string_view header = request.Header("Content-Type");
  const size_t end = std::min(header.find(';'), header.size());
  std::string type(header.substr(0, end));
  absl::StripAsciiWhitespace(&type);
  absl::AsciiStrToLower(&type);
  if (type != kJson && type != kProto) return std::nullopt;
  std::string parameter(header.substr(end));
  parameter.erase(std::remove(parameter.begin(), parameter.end(), ' '), parameter.end());
  absl::AsciiStrToLower(&parameter);
  if (!parameter.empty() && parameter != ";charset=utf-8" && parameter != ";charset=\"utf-8\"") {
    return std::nullopt;
  }
  return type;
}

// Whether "host" or "host:port" is of this machine.
bool IsLocal(std::string_view host) {
  std::string address(host);
  const size_t colon = address.rfind(':');
  const bool has_port = colon != std::string::npos && address.find(']', colon) == std::string::npos;
  return IsLoopback(has_port ? address : address + ":80");
}

bool ComesFromElsewhere(const Request& request, bool authenticates) {
  const std::string_view host = request.Header("Host");
  if (!authenticates && !IsLocal(host)) return true;
  const std::string_view origin = request.Header("Origin");
  if (origin.empty()) return false;
  const size_t scheme = origin.find("://");
  if (scheme == std::string_view::npos) return true;
  return authenticates ? origin.substr(scheme + 3) != host : !IsLocal(origin.substr(scheme + 3));
}

// The time this call may take; none when the header is malformed.
std::optional<absl::Duration> TimeoutOf(const Request& request, absl::Duration most) {
  const std::string_view text = request.Header("Connect-Timeout-Ms");
  if (text.empty()) return most;
  uint64_t milliseconds = 0;
  if (text.size() > kTimeoutDigitsMax ||
      text.find_first_not_of("0123456789") != std::string_view::npos ||
      !absl::SimpleAtoi(std::string(text), &milliseconds)) {
    return std::nullopt;
  }
  return std::min(most, absl::Milliseconds(static_cast<int64_t>(milliseconds)));
}

}  // namespace

bool Connect::IsMethodPath(std::string_view path) {
  if (!path.starts_with('/')) return false;
  path.remove_prefix(1);
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size()) return false;
  // No service's name begins with a dot: "/.well-known/jwks.json" is a file.
  return path[0] != '.' && path.find('.') < slash &&
         path.find('/', slash + 1) == std::string_view::npos;
}

const pb::MethodDescriptor* Connect::FindMethod(std::string_view path) const {
  const size_t slash = path.find('/', 1);
  const std::string service(path.substr(1, slash - 1));
  if (std::find(options_.services.begin(), options_.services.end(), service) ==
      options_.services.end()) {
    return nullptr;
  }
  const pb::ServiceDescriptor* const found =
      pb::DescriptorPool::generated_pool()->FindServiceByName(service);
  return found == nullptr ? nullptr : found->FindMethodByName(std::string(path.substr(slash + 1)));
}

Response Connect::Answer(const Request& request) const {
  const pb::MethodDescriptor* const method = FindMethod(request.path);
  if (method == nullptr) {
    return ConnectError(404, {grpc::StatusCode::UNIMPLEMENTED, "there is no such method"});
  }
  if (request.method != "POST") {
    Response response = Text(405, "methods are called with POST");
    response.headers.emplace_back("Allow", "POST");
    return response;
  }
  const std::optional<std::string> codec = CodecOf(request);
  if (!codec.has_value()) {
    Response response = Text(415, "expected Content-Type application/json or application/proto");
    response.headers.emplace_back("Accept-Post", absl::StrCat(kJson, ", ", kProto));
    return response;
  }
  if (ComesFromElsewhere(request, options_.introduce != nullptr)) {
    return Refuse(
        grpc::StatusCode::PERMISSION_DENIED,
        "expected a Host, and an Origin if any, of this machine, or of this service where "
        "it authenticates its callers");
  }
  if (request.too_large) {
    return ConnectError(413, {grpc::StatusCode::RESOURCE_EXHAUSTED, "the request is too large"});
  }
  const std::string_view version = request.Header("Connect-Protocol-Version");
  if (!version.empty() && version != "1") {
    return Refuse(grpc::StatusCode::INVALID_ARGUMENT, "Connect-Protocol-Version: expected 1");
  }
  const std::optional<absl::Duration> timeout = TimeoutOf(request, options_.timeout_max);
  if (!timeout.has_value()) {
    return Refuse(grpc::StatusCode::INVALID_ARGUMENT,
                  "Connect-Timeout-Ms: expected milliseconds, at most ten digits");
  }
  if (method->client_streaming() || method->server_streaming()) {
    return Refuse(grpc::StatusCode::UNIMPLEMENTED,
                  "this is a streaming method, and only unary ones are spoken here; use gRPC");
  }
  const bool json = *codec == kJson;
  absl::StatusOr<std::string> message = request.body;
  if (json) message = JsonToBytes(*method->input_type(), request.body);
  if (!message.ok()) {
    return Refuse(grpc::StatusCode::INVALID_ARGUMENT, std::string(message.status().message()));
  }
  // Decided here: a channel within the process may answer before it looks at the time.
  if (*timeout <= absl::ZeroDuration()) {
    return Refuse(grpc::StatusCode::DEADLINE_EXCEEDED, "no time was given for an answer");
  }
  std::string answer;
  Headers metadata = options_.introduce == nullptr ? Headers() : options_.introduce(request);
  // What is no traceparent would be none on the other side either.
  if (const std::string_view trace = request.Header(kTraceparent); !TraceIdIn(trace).empty()) {
    metadata.emplace_back(kTraceparent, trace);
  }
  const grpc::Status status =
      CallUnary(options_.channel, request.path, *message, metadata, *timeout, answer);
  if (!status.ok()) return ConnectError(status);
  if (!json) return {.status = 200, .content_type = kProto, .body = std::move(answer)};
  absl::StatusOr<std::string> text = BytesToJson(*method->output_type(), answer);
  if (!text.ok()) return Refuse(grpc::StatusCode::INTERNAL, std::string(text.status().message()));
  return {.status = 200, .content_type = kJson, .body = *std::move(text)};
}

}  // namespace consent::http
