// SPDX-License-Identifier: Apache-2.0

#include "src/api/bad_credentials.h"

#include "src/base/fault.h"
#include "src/base/retry.h"

namespace consent::api {
namespace {

constexpr int64_t kMinuteMs = 60'000;

}  // namespace

absl::Status BadCredentials::MayTry(const std::string& address) {
  absl::Duration wait;
  {
    MutexLock lock(&mutex_);
    const auto found = left_.find(address);
    if (found == left_.end()) return absl::OkStatus();
    wait = found->second.Take(1, clock_.SteadyMillis());
    if (wait == absl::ZeroDuration()) {
      found->second.Give(1);
      return absl::OkStatus();
    }
  }
  return WithRetryAfter(
      Fault(absl::StatusCode::kResourceExhausted, "TOO_MANY_BAD_CREDENTIALS",
            "so many credentials from this address were not believed that further ones are not "
            "looked at for now; wait as RetryInfo says"),
      wait);
}

void BadCredentials::Failed(const std::string& address) {
  const int64_t now_ms = clock_.SteadyMillis();
  MutexLock lock(&mutex_);
  auto found = left_.find(address);
  if (found == left_.end()) {
    if (left_.size() >= kAddressesMax) left_.erase(left_.begin());
    found = left_
                .emplace(address, TokenBucket({.tokens = kPerMinute, .every_ms = kMinuteMs},
                                              kAtOnce, now_ms))
                .first;
  }
  found->second.Take(1, now_ms);
}

}  // namespace consent::api
