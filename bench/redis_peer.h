// SPDX-License-Identifier: Apache-2.0
//
// Redis as a peer: a script that Redis runs as a whole, an append-only file that is synced before
// any answer, and no snapshots beside it.

#ifndef CONSENT_BENCH_REDIS_PEER_H_
#define CONSENT_BENCH_REDIS_PEER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "bench/peer.h"

namespace consent::bench {

// Unavailable when Redis is not installed, or does not start.
absl::StatusOr<std::unique_ptr<Peer>> StartRedis();

}  // namespace consent::bench

#endif  // CONSENT_BENCH_REDIS_PEER_H_
