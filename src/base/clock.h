// SPDX-License-Identifier: Apache-2.0
//
// Clocks, as an argument: nothing below the programs reads the machine's clock by itself.

#ifndef CONSENT_BASE_CLOCK_H_
#define CONSENT_BASE_CLOCK_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"

namespace consent {

// Threads: all methods may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // What the machine believes the time is: Unix milliseconds. May jump either way.
  virtual int64_t WallMillis() const = 0;
  // Milliseconds since the machine was started, its sleep included. Never goes back.
  virtual int64_t SteadyMillis() const = 0;
  // Names the machine's present run: readings of the steady clock can be compared, also between
  // processes, while it stays the same. Empty: unknown, nothing can be compared.
  virtual std::string Boot() const = 0;
};

class SystemClock : public Clock {
 public:
  int64_t WallMillis() const override;
  int64_t SteadyMillis() const override;
  std::string Boot() const override;
};

// A clock that stands still until it is moved. For tests and simulations.
class ManualClock : public Clock {
 public:
  explicit ManualClock(int64_t wall_ms) : wall_ms_(wall_ms) {}
  int64_t WallMillis() const override { return wall_ms_; }
  int64_t SteadyMillis() const override { return steady_ms_; }
  std::string Boot() const override { return absl::StrCat("boot ", boots_.load()); }

  // Time passes.
  void Advance(int64_t ms) {
    wall_ms_ += ms;
    steady_ms_ += ms;
  }
  // Somebody sets the wall clock.
  void Jump(int64_t ms) { wall_ms_ += ms; }
  // The machine is started again; the wall clock goes on meanwhile.
  void Reboot() {
    ++boots_;
    steady_ms_ = 0;
  }

 private:
  std::atomic<int64_t> wall_ms_;
  std::atomic<int64_t> steady_ms_{0};
  std::atomic<int> boots_{1};
};

}  // namespace consent

#endif  // CONSENT_BASE_CLOCK_H_
