// SPDX-License-Identifier: Apache-2.0
//
// The server is killed (SIGKILL), at random moments and at every named point (points.h), while many
// clients use it, and started again: nothing that it acknowledged or published may be gone, no
// limit may be passed, and who was erased stays unknown.
//
// CONSENT_KILLS: how often, default 24; in any case often enough for every point. CONSENT_SEED:
// repeats the random choices of another run (the moments fall differently all the same).
// `./dev test --kill N` runs this alone.

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "tests/fault/epoch.h"
#include "tests/fault/plan.h"

namespace consent::fault {
namespace {

// A new ledger after so many, so that checking all of it stays cheap.
constexpr int64_t kKillsAnEpoch = 250;
// Points are asked for again when nobody came by, but not for ever.
constexpr int64_t kKillsToHitAll = 3 * static_cast<int64_t>(kPointCount);

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

TEST(KillTest, WhatWasPromisedOutlivesEveryKillAndNoLimitIsPassed) {
  const int64_t kills = FromEnvironment("CONSENT_KILLS", 24);
  const int64_t seed = FromEnvironment("CONSENT_SEED", absl::ToUnixNanos(absl::Now()) % 1'000'007);
  std::printf("seed: CONSENT_SEED=%lld\n", static_cast<long long>(seed));
  Chance chance(static_cast<uint64_t>(seed));
  Plan plan(chance);
  const absl::Time began = absl::Now();
  uint64_t decisions = 0, statements = 0, erasures = 0, entries = 0, checkpoints = 0, receipts = 0;
  const auto all_hit = [&] { return plan.AllHit(true) && plan.AllHit(false); };
  const auto enough = [&] {
    return plan.kills() >= kills && (all_hit() || plan.kills() >= kills + kKillsToHitAll);
  };
  while (!enough()) {
    Epoch epoch(plan, chance);
    const absl::Status ran = epoch.Run(plan.kills() + kKillsAnEpoch, enough);
    EXPECT_OK(ran);
    EXPECT_EQ(absl::StrJoin(epoch.world().faults(), "\n"), "");
    decisions += epoch.world().decisions;
    statements += epoch.world().statements;
    erasures += epoch.world().erasures;
    entries += epoch.entries();
    checkpoints += epoch.checkpoints();
    receipts += epoch.receipts();
    // A long run is not silent.
    std::printf("%lld kills after %.0f s\n", static_cast<long long>(plan.kills()),
                absl::ToDoubleSeconds(absl::Now() - began));
    std::fflush(stdout);
    if (HasFailure()) {
      std::printf("the ledger as it was left: %s\n", epoch.Keep().c_str());
      break;
    }
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
  std::printf("%s", plan.ToTable().c_str());
  std::printf(
      "%lld kills in %.1f s (%.0f a minute); acknowledged: %llu decisions, %llu statements, %llu "
      "erasures; %llu entries replayed, %llu checkpoints and %llu receipts held against them\n",
      static_cast<long long>(plan.kills()), seconds,
      60 * static_cast<double>(plan.kills()) / seconds, static_cast<unsigned long long>(decisions),
      static_cast<unsigned long long>(statements), static_cast<unsigned long long>(erasures),
      static_cast<unsigned long long>(entries), static_cast<unsigned long long>(checkpoints),
      static_cast<unsigned long long>(receipts));
  if (HasFailure()) return;
  EXPECT_TRUE(all_hit()) << "nobody died at some of the points";
  EXPECT_GT(decisions, 100U);
  EXPECT_GT(erasures, 0U);
  EXPECT_GT(checkpoints, 10U);
}

}  // namespace
}  // namespace consent::fault
