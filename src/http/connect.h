// SPDX-License-Identifier: Apache-2.0
//
// Connect: unary gRPC methods for whoever speaks plain HTTP.
//
// POST /PACKAGE.SERVICE/METHOD with a message as JSON (application/json) or binary
// (application/proto) is answered with a message of the same form, or with an error
// (connect_error.h). Every call goes through a gRPC channel, so nothing is checked here that is
// checked there; JSON is translated by the descriptors in the generated pool.
// Protocol: https://connectrpc.com/docs/protocol
//
// A browser must not become a way in, neither to a port that authenticates nobody nor with the
// certificate of whoever sits before it: JSON content types make browsers ask before they send, and
// nothing here answers that. Where nobody is authenticated, a Host or Origin that is not of this
// machine is refused; where callers are, an Origin that is not the Host.
//
// Threads: safe from any thread.

#ifndef CONSENT_HTTP_CONNECT_H_
#define CONSENT_HTTP_CONNECT_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/channel.h"
#include "src/http/message.h"

namespace consent::http {

struct ConnectOptions {
  std::shared_ptr<grpc::Channel> channel;
  // Full names, such as "consent.v1.ContactService"; others are not answered.
  std::vector<std::string> services;
  // How long a call may take; Connect-Timeout-Ms can only lower it.
  absl::Duration timeout_max = absl::Seconds(10);
  // Says, as metadata for the channel, what this port has seen of who calls. None: this port
  // authenticates nobody.
  std::function<Headers(const Request&)> introduce = nullptr;
};

class Connect {
 public:
  explicit Connect(ConnectOptions options) : options_(std::move(options)) {}

  // Whether a path has the form of a method's, "/a.b.Service/Method".
  static bool IsMethodPath(std::string_view path);

  Response Answer(const Request& request) const;

 private:
  const google::protobuf::MethodDescriptor* FindMethod(std::string_view path) const;

  const ConnectOptions options_;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_CONNECT_H_
