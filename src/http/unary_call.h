// SPDX-License-Identifier: Apache-2.0
//
// One unary gRPC call with bytes for messages.

#ifndef CONSENT_HTTP_UNARY_CALL_H_
#define CONSENT_HTTP_UNARY_CALL_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "src/http/message.h"

namespace consent::http {

// Blocks until there is an answer, at most `timeout`. `method` is "/a.b.Service/Method". The
// answer's bytes are in `response` when the status is OK. Names of metadata are in small letters; a
// value may hold any byte where its name ends in "-bin".
grpc::Status CallUnary(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::string& request, const Headers& metadata, absl::Duration timeout,
                       std::string& response);

}  // namespace consent::http

#endif  // CONSENT_HTTP_UNARY_CALL_H_
