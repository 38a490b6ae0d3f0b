// SPDX-License-Identifier: Apache-2.0
//
// TokenBucket: so many a second, and so many at once after a pause.
//
// Whoever wants more at once than the bucket holds gets them from a full one, which then owes them:
// a large request is never impossible, and never free.
//
// Time is an argument; one that goes back stands still. Threads: one at a time.

#ifndef CONSENT_BASE_TOKEN_BUCKET_H_
#define CONSENT_BASE_TOKEN_BUCKET_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"

namespace consent {

class TokenBucket {
 public:
  struct Rate {
    int64_t tokens;           // 1 or more.
    int64_t every_ms = 1000;  // 1 or more.
  };

  // Full at `now_ms`. `capacity` times `every_ms` is below 2^62.
  TokenBucket(Rate rate, int64_t capacity, int64_t now_ms)
      : rate_(rate), capacity_(capacity), parts_(capacity * rate.every_ms), at_ms_(now_ms) {}

  // Takes `count` and returns zero; or takes nothing, and says how long to wait for them.
  absl::Duration Take(int64_t count, int64_t now_ms) {
    Refill(now_ms);
    const int64_t missing = std::min(count, capacity_) * rate_.every_ms - parts_;
    if (missing > 0) return absl::Milliseconds((missing + rate_.tokens - 1) / rate_.tokens);
    parts_ -= count * rate_.every_ms;
    return absl::ZeroDuration();
  }
  // Puts back what was taken and not used.
  void Give(int64_t count) {
    parts_ = std::min(capacity_ * rate_.every_ms, parts_ + count * rate_.every_ms);
  }
  // Whether nothing is missing.
  bool IsFull(int64_t now_ms) {
    Refill(now_ms);
    return parts_ == capacity_ * rate_.every_ms;
  }
  // How many whole ones there are; below 0 while some are owed.
  int64_t LevelAt(int64_t now_ms) {
    Refill(now_ms);
    return parts_ >= 0 ? parts_ / rate_.every_ms
                       : -((-parts_ + rate_.every_ms - 1) / rate_.every_ms);
  }

 private:
  void Refill(int64_t now_ms) {
    if (now_ms <= at_ms_) return;
    // So long it takes to be full again; more could not be counted.
    const int64_t missing = capacity_ * rate_.every_ms - parts_;
    const int64_t full_in_ms = (missing + rate_.tokens - 1) / rate_.tokens;
    const int64_t passed_ms = now_ms - at_ms_;
    parts_ =
        passed_ms >= full_in_ms ? capacity_ * rate_.every_ms : parts_ + passed_ms * rate_.tokens;
    at_ms_ = now_ms;
  }

  Rate rate_;
  int64_t capacity_;
  int64_t parts_;  // A token is so many parts as its rate has milliseconds: nothing is rounded.
  int64_t at_ms_;
};

}  // namespace consent

#endif  // CONSENT_BASE_TOKEN_BUCKET_H_
