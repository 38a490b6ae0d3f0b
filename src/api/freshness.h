// SPDX-License-Identifier: Apache-2.0
//
// Freshness: signed requests that read are answered once, and only while they are new.

#ifndef CONSENT_API_FRESHNESS_H_
#define CONSENT_API_FRESHNESS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/base/mutex.h"

namespace consent::api {

// Threads: safe for any.
class Freshness {
 public:
  // How old a request may be, and how far ahead of the ledger's clock.
  static constexpr int64_t kAgeMaxMs = 5 * 60 * 1000;
  // Requests remembered; past that, new ones are refused until old ones have aged.
  static constexpr size_t kRememberedMax = 1'000'000;

  explicit Freshness(const Clock& clock) : clock_(clock), started_ms_(clock.WallMillis()) {}

  // OK the first time. FailedPrecondition (REQUEST_NOT_FRESH) for a request that was used before,
  // was signed more than five minutes ago or ahead, or before this process started: what was used
  // then is not known any more.
  absl::Status Use(const StatementId& id, int64_t signed_at_ms);

 private:
  const Clock& clock_;
  const int64_t started_ms_;
  Mutex mutex_;
  absl::flat_hash_set<StatementId> used_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::pair<int64_t, StatementId>> by_age_ ABSL_GUARDED_BY(mutex_);  // When to forget.
};

}  // namespace consent::api

#endif  // CONSENT_API_FRESHNESS_H_
