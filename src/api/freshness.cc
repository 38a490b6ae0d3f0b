// SPDX-License-Identifier: Apache-2.0

#include "src/api/freshness.h"

#include "src/base/fault.h"

namespace consent::api {
namespace {

absl::Status NotFresh(std::string_view why) {
  return Fault(absl::StatusCode::kFailedPrecondition, "REQUEST_NOT_FRESH", why);
}

}  // namespace

absl::Status Freshness::Use(const StatementId& id, int64_t signed_at_ms) {
  const int64_t now_ms = clock_.WallMillis();
  if (signed_at_ms < now_ms - kAgeMaxMs || signed_at_ms > now_ms + kAgeMaxMs) {
    return NotFresh("signed_at: expected within five minutes of now; sign it afresh");
  }
  if (signed_at_ms < started_ms_) {
    return NotFresh("signed_at: the service has been started since; sign it afresh");
  }
  MutexLock lock(&mutex_);
  while (!by_age_.empty() && by_age_.front().first < now_ms) {
    used_.erase(by_age_.front().second);
    by_age_.pop_front();
  }
  if (used_.size() >= kRememberedMax) {
    return Fault(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                 "too many signed requests within five minutes; try again later");
  }
  if (!used_.insert(id).second) {
    return NotFresh("this signed request has been used; sign another one");
  }
  // Twice the age: a request signed ahead of the clock is still believed for so long.
  by_age_.emplace_back(now_ms + 2 * kAgeMaxMs, id);
  return absl::OkStatus();
}

}  // namespace consent::api
