// SPDX-License-Identifier: Apache-2.0
//
// Retry: how long whoever is refused for now should wait, carried by the status that refuses.

#ifndef CONSENT_BASE_RETRY_H_
#define CONSENT_BASE_RETRY_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace consent {

// The same status, which says that nothing is gained by asking again before `wait` is over. OK
// stays OK; of several the last counts.
absl::Status WithRetryAfter(absl::Status status, absl::Duration wait);

// None where the status says nothing of it.
std::optional<absl::Duration> RetryAfterOf(const absl::Status& status);

}  // namespace consent

#endif  // CONSENT_BASE_RETRY_H_
