// SPDX-License-Identifier: Apache-2.0
//
// Time in a simulation: what it really is, and what a machine's clocks say it is.

#ifndef CONSENT_SIMULATION_SIM_TIME_H_
#define CONSENT_SIMULATION_SIM_TIME_H_

#include <cstdint>
#include <string>
#include <utility>

#include "src/base/clock.h"

namespace consent::simulation {

struct SimTime {
  int64_t now_ms = 0;  // Unix milliseconds; only ever grows.
};

// A machine's clocks. The wall clock may be wrong, the steady one is not.
class MachineClock : public Clock {
 public:
  MachineClock(std::string machine, const SimTime& time)
      : machine_(std::move(machine)), time_(time), started_ms_(time.now_ms) {}

  int64_t WallMillis() const override { return time_.now_ms + wrong_ms_; }
  int64_t SteadyMillis() const override { return time_.now_ms - started_ms_; }

  std::string Boot() const override { return machine_ + " " + std::to_string(boots_); }

  // The machine is started again.
  void Reboot() {
    started_ms_ = time_.now_ms;
    ++boots_;
  }
  // By how much the wall clock is ahead of the time.
  int64_t wrong_ms() const { return wrong_ms_; }
  void Set(int64_t wrong_ms) { wrong_ms_ = wrong_ms; }

 private:
  const std::string machine_;
  const SimTime& time_;
  int64_t started_ms_;
  int boots_ = 1;
  int64_t wrong_ms_ = 0;
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_SIM_TIME_H_
