// SPDX-License-Identifier: Apache-2.0
//
// Multitude: consumers by the million, beside those of the session. Each is bound and
// has one grant; they are asked in batches over streams.
//
// Threads: one at a time.

#ifndef CONSENT_BENCH_MULTITUDE_H_
#define CONSENT_BENCH_MULTITUDE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/session.h"
#include "bench/timing.h"
#include "consent/v1/statement.pb.h"

namespace consent::bench {

// Sends signed statements, 128 a message, over four connections. How long that took, once all are
// signed and until all are recorded; Internal when one is refused.
absl::StatusOr<absl::Duration> Record(const std::string& address,
                                      const std::vector<v1::SignedStatement>& statements);

// Calls `make` with 0 to `count - 1`, on as many threads as there are cores.
std::vector<v1::SignedStatement> MakeStatements(
    size_t count, const std::function<v1::SignedStatement(size_t)>& make);

class Multitude {
 public:
  Multitude(Session& session, size_t first) : session_(session), first_(first) {}

  size_t size() const { return size_; }
  // Enters more, until there are `size`, by the back door (entrance.h).
  absl::Status Grow(size_t size);

  // Each of all once: a campaign. Internal unless every one is allowed.
  absl::StatusOr<load::LoadReport> AskEach();
  // The first `count`, round and round, beginning with those whom the last load did not reach.
  absl::StatusOr<load::LoadReport> AskAround(size_t count, const Timing& timing);

 private:
  absl::Status EnterUpTo(size_t size);
  absl::StatusOr<load::LoadReport> Ask(size_t count, load::LoadOptions options);

  Session& session_;
  const size_t first_;
  size_t size_ = 0;
  uint64_t loads_ = 0;  // Makes request ids unique.
  uint64_t asked_ = 0;  // By all loads.
};

}  // namespace consent::bench

#endif  // CONSENT_BENCH_MULTITUDE_H_
