// SPDX-License-Identifier: Apache-2.0
//
// How consentd ends other than by being told to.

#ifndef CONSENT_CONSENTD_ENDING_H_
#define CONSENT_CONSENTD_ENDING_H_

#include "absl/status/status.h"

namespace consent::consentd {

inline constexpr int kCannotStart = 1;
inline constexpr int kBadSetting = 2;
// The disk failed a write or a sync: what it holds is known only once it is read again.
inline constexpr int kStoreFailed = 3;

// Ends the process at once with kStoreFailed, after one line in the log. Nothing is drained, for
// nothing can be made durable any more, and nothing is written. Calls that were under way get no
// answer: their callers see UNAVAILABLE, and repeat them to the process that comes next. From any
// thread.
[[noreturn]] void EndForFailedStore(const absl::Status& failure);

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_ENDING_H_
