// SPDX-License-Identifier: Apache-2.0
//
// Uptime: the clock that permits are measured on. It cannot be set, and goes on while the machine
// sleeps; std::chrono::steady_clock may stand still then, and a permit would seem younger than it
// is.

#ifndef CONSENT_CLIENT_UPTIME_H_
#define CONSENT_CLIENT_UPTIME_H_

#include <chrono>

namespace consent::client {

using Uptime = std::chrono::nanoseconds;

// Time since this machine started.
Uptime UptimeNow();

}  // namespace consent::client

#endif  // CONSENT_CLIENT_UPTIME_H_
