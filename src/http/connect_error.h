// SPDX-License-Identifier: Apache-2.0
//
// Errors as the Connect protocol writes them: a JSON object under the HTTP status of its code.
//
//   {"code": "not_found", "message": "...", "details": [{"type": "google.rpc.ErrorInfo",
//    "value": "base64 of the message", "debug": {the same as JSON}}]}
//
// https://connectrpc.com/docs/protocol

#ifndef CONSENT_HTTP_CONNECT_ERROR_H_
#define CONSENT_HTTP_CONNECT_ERROR_H_

#include <string_view>

#include "grpcpp/support/status.h"
#include "src/http/message.h"

namespace consent::http {

// The protocol's word for a code, such as "invalid_argument"; "unknown" for numbers that are none.
std::string_view ConnectCodeOf(grpc::StatusCode code);

// The HTTP status that stands for a code.
int HttpStatusOf(grpc::StatusCode code);

// The answer for a call that failed. The details are those of the google.rpc.Status in
// `status.error_details()`, where there is one; those of types that are linked are shown as JSON
// too.
Response ConnectError(const grpc::Status& status);
// The same under another HTTP status.
Response ConnectError(int http_status, const grpc::Status& status);

}  // namespace consent::http

#endif  // CONSENT_HTTP_CONNECT_ERROR_H_
