// SPDX-License-Identifier: Apache-2.0
//
// PostgreSQL as a peer: functions that are prepared once a connection, and commits that are synced
// before any answer.

#ifndef CONSENT_BENCH_POSTGRES_PEER_H_
#define CONSENT_BENCH_POSTGRES_PEER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "bench/peer.h"

namespace consent::bench {

// Unavailable when PostgreSQL is not installed. It refuses to be run by root; where we are root,
// the user `postgres` runs it.
absl::StatusOr<std::unique_ptr<Peer>> StartPostgres();

}  // namespace consent::bench

#endif  // CONSENT_BENCH_POSTGRES_PEER_H_
