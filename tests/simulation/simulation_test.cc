// SPDX-License-Identifier: Apache-2.0
//
// Many lives of a ledger, each from one seed. CONSENT_SEED=N repeats one and prints what happened;
// CONSENT_RUNS=N says how many, from CONSENT_SEED or from the first; CONSENT_LONG=1 is many.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tests/simulation/run.h"

namespace consent::simulation {
namespace {

using core::Basis;
using core::Reason;

constexpr int64_t kRuns = 400;
constexpr int64_t kRunsLong = 20'000;
// A failing run ends the search; more would only hide the first.
constexpr uint64_t kFirstSeed = 1;

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

void Print(uint64_t seed, const Outcome& outcome) {
  for (const std::string& line : outcome.trace) std::printf("%s\n", line.c_str());
  std::printf("CONSENT_SEED=%llu digest %016llx\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(outcome.digest));
}

TEST(SimulationTest, NothingIsLostAndNothingIsOver) {
  const bool one = std::getenv("CONSENT_SEED") != nullptr && std::getenv("CONSENT_RUNS") == nullptr;
  const auto first = static_cast<uint64_t>(FromEnvironment("CONSENT_SEED", kFirstSeed));
  const int64_t runs =
      FromEnvironment("CONSENT_RUNS", one                                      ? 1
                                      : std::getenv("CONSENT_LONG") != nullptr ? kRunsLong
                                                                               : kRuns);
  const absl::Time start = absl::Now();
  Outcome sum;
  std::map<Peppers, int64_t> peppers;
  for (int64_t run = 0; run < runs; ++run) {
    const uint64_t seed = first + static_cast<uint64_t>(run);
    const Outcome outcome = Simulate(seed);
    if (one || !outcome.faults.empty()) Print(seed, outcome);
    ASSERT_TRUE(outcome.faults.empty())
        << outcome.faults[0] << "\nTo repeat it: CONSENT_SEED=" << seed;
    sum.entries += outcome.entries;
    sum.allowed += outcome.allowed;
    sum.starts += outcome.starts;
    sum.crashes += outcome.crashes;
    ++peppers[outcome.peppers];
    sum.reasons.insert(outcome.reasons.begin(), outcome.reasons.end());
    sum.bases.insert(outcome.bases.begin(), outcome.bases.end());
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::printf(
      "%lld runs from seed %llu: %llu starts, %llu crashes, %llu entries, %llu times "
      "ALLOWED, %lld with a second pepper and %lld with nothing else; %.0f runs an hour\n",
      static_cast<long long>(runs), static_cast<unsigned long long>(first),
      static_cast<unsigned long long>(sum.starts), static_cast<unsigned long long>(sum.crashes),
      static_cast<unsigned long long>(sum.entries), static_cast<unsigned long long>(sum.allowed),
      static_cast<long long>(peppers[Peppers::kBoth]),
      static_cast<long long>(peppers[Peppers::kSecond]),
      3600.0 * static_cast<double>(runs) / seconds);
  // Runs in which nothing happens would find nothing.
  if (one) return;
  EXPECT_GT(sum.entries, static_cast<uint64_t>(20 * runs));
  EXPECT_GT(sum.allowed, static_cast<uint64_t>(4 * runs));
  EXPECT_GT(sum.crashes, static_cast<uint64_t>(runs / 2));
  EXPECT_GT(peppers[Peppers::kBoth], runs / 20);
  EXPECT_GT(peppers[Peppers::kSecond], 0);
  for (const Reason reason :
       {Reason::kBlocked, Reason::kPaused, Reason::kRevoked, Reason::kOutsideHours,
        Reason::kSilence, Reason::kCallerNumber, Reason::kLimitReached}) {
    EXPECT_TRUE(sum.reasons.contains(reason)) << core::Name(reason);
  }
  for (const Basis basis : {Basis::kConsent, Basis::kContract, Basis::kExempt, Basis::kCallback}) {
    EXPECT_TRUE(sum.bases.contains(basis)) << core::Name(basis);
  }
}

TEST(SimulationTest, ASeedRepeatsToTheLetter) {
  for (const uint64_t seed : {1, 2, 3, 4, 5, 6, 7, 8}) {
    const Outcome first = Simulate(seed);
    const Outcome second = Simulate(seed);
    EXPECT_EQ(first.trace, second.trace);
    EXPECT_EQ(first.digest, second.digest);
    EXPECT_NE(first.digest, Simulate(seed + 100).digest);
  }
}

}  // namespace
}  // namespace consent::simulation
