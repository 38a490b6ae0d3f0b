// SPDX-License-Identifier: Apache-2.0

#include "src/client/call.h"

#include <algorithm>
#include <random>
#include <thread>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpc/support/time.h"
#include "src/base/traceparent.h"
#include "src/client/translate.h"

namespace consent::client {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// What a failed call said; details the ledger's, if it came from there.
google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) details.Clear();
  // The code and message of the call itself stand, whatever the details say.
  details.set_code(status.error_code());
  details.set_message(status.error_message());
  return details;
}

// Of RESOURCE_EXHAUSTED: what time alone mends.
bool IsForNow(const std::string& reason) {
  return reason == "OVERLOADED" || reason == "RATE_LIMITED" || reason == "TOO_MANY_CALLS" ||
         reason == "TOO_MANY_STRANGERS" || reason == "TOO_MANY_BAD_CREDENTIALS";
}

bool MayPass(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kDeadlineExceeded ||
         (error.code == ErrorCode::kResourceExhausted && IsForNow(error.reason));
}

// How long the ledger asks to wait; 0 where it does not.
milliseconds AskedPause(const google::rpc::Status& status) {
  google::rpc::RetryInfo info;
  for (const google::protobuf::Any& detail : status.details()) {
    if (!detail.UnpackTo(&info)) continue;
    const auto& delay = info.retry_delay();
    const int64_t seconds = std::clamp<int64_t>(delay.seconds(), 0, kDeadlineMsMax / 1000);
    return milliseconds(seconds * 1000 + std::max(delay.nanos(), 0) / 1'000'000);
  }
  return milliseconds::zero();
}

// Between half and all of the pause that doubles: clients that failed together come back apart.
milliseconds PauseAfter(int attempts) {
  thread_local std::minstd_rand chance(
      static_cast<unsigned>(UptimeNow().count()) ^
      static_cast<unsigned>(std::hash<std::thread::id>()(std::this_thread::get_id())));
  const int doublings = std::min(attempts - 1, 10);
  const milliseconds whole = std::min(kPauseMin * (1 << doublings), kPauseMax);
  return milliseconds(
      std::uniform_int_distribution<int64_t>(whole.count() / 2, whole.count())(chance));
}

void SetDeadline(Uptime span, grpc::ClientContext* context) {
  // By the monotonic clock: setting the wall clock must not stretch a call.
  context->set_deadline(
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(span.count(), GPR_TIMESPAN)));
}

void SetTrace(const ClientOptions& options, grpc::ClientContext* context) {
  if (options.traceparent == nullptr) return;
  const std::string trace = options.traceparent();
  if (!TraceIdIn(trace).empty()) context->AddMetadata(kTraceparent, trace);
}

}  // namespace

CallResult CallWithRepeats(const ClientOptions& options,
                           const std::function<grpc::Status(grpc::ClientContext*)>& send) {
  const Uptime deadline = UptimeNow() + milliseconds(options.deadline_ms);
  const int attempts_max = static_cast<int>(options.retries_max) + 1;
  CallResult result;
  while (true) {
    ++result.attempts;
    const bool last = result.attempts >= attempts_max;
    result.sent_at = UptimeNow();
    const Uptime left = deadline - result.sent_at;
    grpc::ClientContext context;
    SetDeadline(last ? left : left / 2, &context);
    SetTrace(options, &context);
    const grpc::Status status = send(&context);
    if (status.ok()) {
      result.error = {};
      return result;
    }
    const google::rpc::Status details = DetailsOf(status);
    result.error = FromWire(details);
    const milliseconds pause = std::max(PauseAfter(result.attempts), AskedPause(details));
    if (last || !MayPass(result.error) || UptimeNow() + pause >= deadline) return result;
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace consent::client
