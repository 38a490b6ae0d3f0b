// SPDX-License-Identifier: Apache-2.0
//
// Errors on the wire: the gRPC status, with google.rpc.ErrorInfo always, BadRequest where a field
// is wrong and RetryInfo where waiting helps.

#ifndef CONSENT_API_ERROR_H_
#define CONSENT_API_ERROR_H_

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace consent::api {

// For an item of a batch.
google::rpc::Status ToRpcStatus(const absl::Status& status);

// For a call as a whole; details travel as grpc-status-details-bin. OK stays OK.
grpc::Status ToGrpcStatus(const absl::Status& status);

// What a read is answered while too many are waiting.
absl::Status TooManyReads();

}  // namespace consent::api

#endif  // CONSENT_API_ERROR_H_
