// SPDX-License-Identifier: Apache-2.0
//
// Failures: errors as the person or script at the terminal needs them.
//
// One line says what, why, and what to do; the ledger's ErrorInfo reason follows in brackets. No
// failure holds a contact point: the ledger's messages have none, and ours quote nothing typed.

#ifndef CONSENT_CONSENTCTL_FAILURE_H_
#define CONSENT_CONSENTCTL_FAILURE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace consent::ctl {

// What a shell script may rely on (docs/reference/consentctl.md).
inline constexpr int kExitOk = 0;      // Allowed, done, or nothing to complain about.
inline constexpr int kExitFailed = 1;  // No answer, an error of the ledger's, a check that failed.
inline constexpr int kExitBadInput = 2;  // What was typed, or a file named, cannot be used.
inline constexpr int kExitDenied = 3;    // Denied, not done, or a statement refused.

// What was typed, or a file named, cannot be used: kExitBadInput.
absl::Status BadInput(std::string_view message);
// The same from a library's error about such a file. OK stays OK.
absl::Status AsBadInput(const absl::Status& status);

// The ledger's error with its ErrorInfo reason (src/base/fault.h) and its RetryInfo (base/retry.h).
// OK stays OK.
absl::Status FromRpc(const google::rpc::Status& status);
// The same for a call as a whole. Where the ledger did not answer, the message names `server` and
// says what that means: nothing is known to have happened.
absl::Status FromRpc(const grpc::Status& status, std::string_view server);

// Whether the same request, sent again a little later, may be answered.
bool MayRetry(const absl::Status& status);

// Whether the ledger says when to ask again, and that is soon: no failure, but its pace.
bool IsToldToWait(const absl::Status& status);
// How long to wait before asking again: as long as the ledger says, and no less than `usual`.
absl::Duration PauseAfter(const absl::Status& status, absl::Duration usual);

int ExitCodeOf(const absl::Status& status);
// "what, why, what to do [REASON]".
std::string ForPeople(const absl::Status& status);
// {"error": {"code": ..., "reason": ..., "message": ...}}
std::string ForPrograms(const absl::Status& status);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_FAILURE_H_
