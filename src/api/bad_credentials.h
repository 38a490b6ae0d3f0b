// SPDX-License-Identifier: Apache-2.0
//
// BadCredentials: how many that were not believed came from each address, and that those who guess,
// or send whatever comes to their mind, do not have a signature verified each time.
//
// Counted are failures only, so whoever is believed never uses anything up. Past the limit no
// credentials from that address are looked at until there is room again; those that were believed
// before do not come here (credentials.h), so behind one address a good caller goes on while
// another one guesses.
//
// At most kAddressesMax addresses are remembered. Past that any of them is forgotten: whoever has
// more addresses than that is limited less, and nobody else is refused in their place.
//
// Threads: safe from any thread.

#ifndef CONSENT_API_BAD_CREDENTIALS_H_
#define CONSENT_API_BAD_CREDENTIALS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "src/base/clock.h"
#include "src/base/mutex.h"
#include "src/base/token_bucket.h"

namespace consent::api {

class BadCredentials {
 public:
  // Of one address.
  static constexpr int64_t kPerMinute = 60;
  static constexpr int64_t kAtOnce = 20;
  static constexpr size_t kAddressesMax = 16'384;

  // The clock outlives this.
  explicit BadCredentials(const Clock& clock) : clock_(clock) {}

  // ResourceExhausted, TOO_MANY_BAD_CREDENTIALS with the time to wait, if this address has used its
  // failures up. Takes none.
  absl::Status MayTry(const std::string& address);
  // What came from there was not believed.
  void Failed(const std::string& address);

 private:
  const Clock& clock_;
  Mutex mutex_;
  absl::flat_hash_map<std::string, TokenBucket> left_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace consent::api

#endif  // CONSENT_API_BAD_CREDENTIALS_H_
