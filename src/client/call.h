// SPDX-License-Identifier: Apache-2.0
//
// One call with its repeats, within one deadline.

#ifndef CONSENT_CLIENT_CALL_H_
#define CONSENT_CLIENT_CALL_H_

#include <functional>

#include "consent/client.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "src/client/uptime.h"

namespace consent::client {

struct CallResult {
  Error error;       // Code kNone: the last attempt was answered.
  Uptime sent_at{};  // When the last attempt was sent.
  int attempts = 0;
};

// Sends with `send` until it succeeds, fails for good, or the options' retries or time run out.
// While retries are left, an attempt has half of the time that remains, so that a server which does
// not answer leaves time for another try. Errors that may pass: UNAVAILABLE, DEADLINE_EXCEEDED, and
// RESOURCE_EXHAUSTED where the ledger says OVERLOADED, RATE_LIMITED, TOO_MANY_CALLS,
// TOO_MANY_STRANGERS or TOO_MANY_BAD_CREDENTIALS. The pause before the next attempt doubles from
// kPauseMin, half of it by chance, and is never shorter than the ledger's RetryInfo asks. The last
// error is returned at once when no time is left for another attempt.
inline constexpr std::chrono::milliseconds kPauseMin{100};
inline constexpr std::chrono::milliseconds kPauseMax{1000};
CallResult CallWithRepeats(const ClientOptions& options,
                           const std::function<grpc::Status(grpc::ClientContext*)>& send);

}  // namespace consent::client

#endif  // CONSENT_CLIENT_CALL_H_
