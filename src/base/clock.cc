// SPDX-License-Identifier: Apache-2.0

#include "src/base/clock.h"

#include <time.h>

#include <fstream>

namespace consent {
namespace {

int64_t Millis(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

int64_t SystemClock::WallMillis() const { return Millis(CLOCK_REALTIME); }
int64_t SystemClock::SteadyMillis() const { return Millis(CLOCK_BOOTTIME); }

std::string SystemClock::Boot() const {
  std::string id;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
  return id;
}

}  // namespace consent
