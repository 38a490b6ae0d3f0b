// SPDX-License-Identifier: Apache-2.0

#include "src/api/error.h"

#include <string>

#include "google/rpc/error_details.pb.h"
#include "src/base/fault.h"
#include "src/base/retry.h"

namespace consent::api {
namespace {

constexpr char kDomain[] = "consent.v1";
// Long enough for a full queue to drain.
constexpr absl::Duration kUsualWait = absl::Milliseconds(250);

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  if (const std::string reason = ReasonOf(status); !reason.empty()) {
    google::rpc::ErrorInfo info;
    info.set_reason(reason);
    info.set_domain(kDomain);
    wire.add_details()->PackFrom(info);
  }
  if (const std::string field = FieldOf(status); !field.empty()) {
    google::rpc::BadRequest bad;
    auto* const violation = bad.add_field_violations();
    violation->set_field(field);
    violation->set_description(std::string(status.message()));
    wire.add_details()->PackFrom(bad);
  }
  if (absl::IsUnavailable(status) || absl::IsResourceExhausted(status)) {
    google::rpc::RetryInfo retry;
    const absl::Duration wait = RetryAfterOf(status).value_or(kUsualWait);
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(wait));
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(
        absl::ToInt64Nanoseconds(wait - absl::Seconds(absl::ToInt64Seconds(wait)))));
    wire.add_details()->PackFrom(retry);
  }
  return wire;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      ToRpcStatus(status).SerializeAsString());
}

absl::Status TooManyReads() {
  return Fault(absl::StatusCode::kResourceExhausted, "OVERLOADED",
               "too many reads are waiting already; try again in a moment");
}

}  // namespace consent::api
