// SPDX-License-Identifier: Apache-2.0
//
// Callers: how much of the service each caller takes, and that none takes more than their part.
//
// A caller is known by a name: the words of their credentials, or, where nobody is authenticated,
// the address they call from. What is refused is refused at once, with the time to wait; nothing is
// ever held back.
//
// Accounts are kept in memory, at most kAccountsMax. Those of callers who have nothing under way
// and everything left are forgotten when room is needed: a new one would be the same. While all are
// used, further callers share one.
//
// Threads: safe from any thread.

#ifndef CONSENT_API_CALLERS_H_
#define CONSENT_API_CALLERS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/base/mutex.h"
#include "src/base/token_bucket.h"

namespace consent::api {

// Of each caller; 0: no limit.
struct CallerLimits {
  uint32_t decisions_per_second = 0;  // And one second's worth, or a full batch, at once.
  uint32_t calls_max = 0;             // Under way at once.
  uint32_t streams_max = 0;           // Open at once.
};

class Callers {
 public:
  static constexpr size_t kAccountsMax = 16'384;
  // What a caller who paused may ask at once, however low their rate: a full batch.
  static constexpr int64_t kBurstMin = 1000;

  enum class Kind { kCall, kStream };

  // How many were refused since the start.
  struct Refusals {
    uint64_t rate_limited = 0;
    uint64_t too_many_calls = 0;
  };

  class Account {
   public:
    Account(const Callers& callers, int64_t now_ms);
    // ResourceExhausted, RATE_LIMITED with the time to wait, if so many are not left. At least one
    // is charged.
    absl::Status Charge(size_t decisions);

   private:
    friend class Callers;
    bool IsLikeNew(int64_t now_ms);

    const Callers& callers_;
    Mutex mutex_;
    TokenBucket bucket_ ABSL_GUARDED_BY(mutex_);
    uint32_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
    uint32_t streams_ ABSL_GUARDED_BY(mutex_) = 0;
  };

  // A call under way; it is over when this ends.
  class Ticket {
   public:
    Ticket() = default;
    Ticket(Ticket&& other) noexcept : account_(std::move(other.account_)), kind_(other.kind_) {}
    Ticket& operator=(Ticket&& other) noexcept {
      std::swap(account_, other.account_);
      std::swap(kind_, other.kind_);
      return *this;
    }
    ~Ticket();
    // Null where there are no limits.
    Account* account() const { return account_.get(); }

   private:
    friend class Callers;
    Ticket(std::shared_ptr<Account> account, Kind kind)
        : account_(std::move(account)), kind_(kind) {}

    std::shared_ptr<Account> account_;
    Kind kind_ = Kind::kCall;
  };

  // The clock outlives this, and this every ticket.
  Callers(const CallerLimits& limits, const Clock& clock) : limits_(limits), clock_(clock) {}

  // Whether anything is limited at all.
  bool has_limits() const {
    return limits_.decisions_per_second > 0 || limits_.calls_max > 0 || limits_.streams_max > 0;
  }
  // ResourceExhausted, TOO_MANY_CALLS, if the caller has as many under way as they may.
  absl::StatusOr<Ticket> Enter(std::string_view caller, Kind kind);

  Refusals refusals() const { return {rate_limited_, too_many_calls_}; }

 private:
  std::shared_ptr<Account> AccountOf(std::string_view caller);

  const CallerLimits limits_;
  const Clock& clock_;
  mutable Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<Account>> accounts_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Account> shared_ ABSL_GUARDED_BY(mutex_);
  int64_t forgot_at_ms_ ABSL_GUARDED_BY(mutex_) = 0;
  mutable std::atomic<uint64_t> rate_limited_{0};
  mutable std::atomic<uint64_t> too_many_calls_{0};
};

}  // namespace consent::api

#endif  // CONSENT_API_CALLERS_H_
