// SPDX-License-Identifier: Apache-2.0
//
// Serials: the numbers of a load's calls or messages, each given out once, up to a last one.
//
// Threads: all methods from any thread.

#ifndef CONSENT_LOAD_SERIALS_H_
#define CONSENT_LOAD_SERIALS_H_

#include <atomic>
#include <cstdint>
#include <optional>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace consent::load {

class Serials {
 public:
  explicit Serials(uint64_t max) : max_(max) {}

  // Counting from 0; none when all have been given out.
  std::optional<uint64_t> Next() {
    const uint64_t serial = next_.fetch_add(1, std::memory_order_relaxed);
    if (serial < max_) return serial;
    if (serial == max_) ended_.Notify();
    return std::nullopt;
  }

  // Returns after `time`, or once somebody got none.
  void AwaitEnd(absl::Duration time) { ended_.WaitForNotificationWithTimeout(time); }
  bool ended() const { return ended_.HasBeenNotified(); }

 private:
  const uint64_t max_;
  std::atomic<uint64_t> next_{0};
  absl::Notification ended_;
};

}  // namespace consent::load

#endif  // CONSENT_LOAD_SERIALS_H_
