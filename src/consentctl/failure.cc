// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/failure.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "src/base/fault.h"
#include "src/base/retry.h"
#include "src/consentctl/output.h"

namespace consent::ctl {
namespace {

// Not an ErrorReason: faults of what stands on this side of the wire.
constexpr std::string_view kBadInput = "BAD_INPUT";

// Who is told to wait for longer is not waited for: asked again as after any other failure.
constexpr absl::Duration kPatience = absl::Minutes(1);

}  // namespace

absl::Status BadInput(std::string_view message) {
  return Fault(absl::StatusCode::kInvalidArgument, kBadInput, message);
}

absl::Status AsBadInput(const absl::Status& status) { return WithReason(status, kBadInput); }

absl::Status FromRpc(const google::rpc::Status& status) {
  if (status.code() == 0) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.code()), status.message());
  for (const google::protobuf::Any& detail : status.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::RetryInfo retry;
    if (detail.UnpackTo(&info)) {
      result = WithReason(std::move(result), info.reason());
    } else if (detail.UnpackTo(&retry)) {
      result =
          WithRetryAfter(std::move(result), absl::Seconds(retry.retry_delay().seconds()) +
                                                absl::Nanoseconds(retry.retry_delay().nanos()));
    }
  }
  return result;
}

absl::Status FromRpc(const grpc::Status& status, std::string_view server) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) wire.Clear();
  wire.set_code(static_cast<int>(status.error_code()));
  wire.set_message(status.error_message());
  absl::Status result = FromRpc(wire);
  if (!ReasonOf(result).empty()) return result;
  const std::string name(server);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return absl::UnavailableError(
          absl::StrCat("no answer from ", name,
                       ": no ledger can be reached there; start consentd, "
                       "or name its address with --server HOST:PORT. One that speaks TLS wants "
                       "--tls-ca, and a certificate that it believes"));
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::DeadlineExceededError(
          absl::StrCat("no answer from ", name,
                       " in time; nothing is known to have happened: "
                       "repeat the same request, or wait longer with --timeout"));
    case grpc::StatusCode::UNIMPLEMENTED:
      return absl::UnimplementedError(
          absl::StrCat("what answers at ", name, " is no ledger of this version; check --server"));
    default:
      return result;
  }
}

bool MayRetry(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status) ||
         absl::IsDeadlineExceeded(status) || absl::IsAborted(status);
}

bool IsToldToWait(const absl::Status& status) {
  const std::optional<absl::Duration> told = RetryAfterOf(status);
  return told.has_value() && *told <= kPatience;
}

absl::Duration PauseAfter(const absl::Status& status, absl::Duration usual) {
  return IsToldToWait(status) ? std::max(usual, *RetryAfterOf(status)) : usual;
}

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  return ReasonOf(status) == kBadInput ? kExitBadInput : kExitFailed;
}

std::string ForPeople(const absl::Status& status) {
  std::string text = Printable(std::string_view(status.message().data(), status.message().size()));
  const std::string reason = ReasonOf(status);
  if (reason.empty() || reason == kBadInput) return text;
  return absl::StrCat(text, " [", reason, "]");
}

std::string ForPrograms(const absl::Status& status) {
  Json error;
  error["code"] = absl::StatusCodeToString(status.code());
  error["reason"] = ReasonOf(status);
  error["message"] = std::string(status.message());
  return Dump({{"error", error}});
}

}  // namespace consent::ctl
