// SPDX-License-Identifier: Apache-2.0

#include "src/client/uptime.h"

#include <time.h>

namespace consent::client {

Uptime UptimeNow() {
  timespec now{};
#ifdef CLOCK_BOOTTIME
  clock_gettime(CLOCK_BOOTTIME, &now);
#else
  clock_gettime(CLOCK_MONOTONIC, &now);
#endif
  return std::chrono::seconds(now.tv_sec) + Uptime(now.tv_nsec);
}

}  // namespace consent::client
