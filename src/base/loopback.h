// SPDX-License-Identifier: Apache-2.0
//
// Loopback addresses: where a port that neither encrypts nor authenticates may listen.

#ifndef CONSENT_BASE_LOOPBACK_H_
#define CONSENT_BASE_LOOPBACK_H_

#include <string>

namespace consent {

// Whether only this machine can reach `address` ("host:port"): localhost, [::1], or 127.0.0.0/8 in
// four decimal numbers. Whatever a resolver might read in another way is none.
bool IsLoopback(const std::string& address);

}  // namespace consent

#endif  // CONSENT_BASE_LOOPBACK_H_
