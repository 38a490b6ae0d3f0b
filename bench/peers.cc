// SPDX-License-Identifier: Apache-2.0

#include "bench/peers.h"

#include "absl/strings/str_cat.h"
#ifdef CONSENT_BENCH_REDIS
#include "bench/redis_peer.h"
#endif
#ifdef CONSENT_BENCH_POSTGRES
#include "bench/postgres_peer.h"
#endif

namespace consent::bench {
namespace {

[[maybe_unused]] absl::Status BuiltWithout(const std::string& library) {
  return absl::UnavailableError(
      absl::StrCat("consent_bench was built without ", library, "; ./dev bench installs it"));
}

absl::StatusOr<std::unique_ptr<Peer>> Redis() {
#ifdef CONSENT_BENCH_REDIS
  return StartRedis();
#else
  return BuiltWithout("libhiredis-dev");
#endif
}

absl::StatusOr<std::unique_ptr<Peer>> Postgres() {
#ifdef CONSENT_BENCH_POSTGRES
  return StartPostgres();
#else
  return BuiltWithout("libpq-dev");
#endif
}

}  // namespace

std::vector<PeerKind> AllPeers() {
  return {{.name = "redis",
           .batched = "redis_pipelined",
           .batch_ratio = "batch_vs_redis_pipelined",
           .start = Redis},
          {.name = "postgres",
           .batched = "postgres_batch",
           .batch_ratio = "batch_vs_postgres",
           .start = Postgres}};
}

}  // namespace consent::bench
