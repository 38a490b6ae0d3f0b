// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/ledger_clock.h"

#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"

namespace consent::ledger {
namespace {

constexpr int64_t kStartMs = INT64_C(1'772'442'000'000);
constexpr Instant kLongAgo{0};

TEST(LedgerClockTest, TellsTheTime) {
  ManualClock wall(kStartMs);
  LedgerClock clock(wall);
  EXPECT_THAT(clock.NowMillis(kLongAgo), IsOkAndHolds(kStartMs));
  wall.Advance(86'400'000);
  EXPECT_THAT(clock.NowMillis(kLongAgo), IsOkAndHolds(kStartMs + 86'400'000));
}

TEST(LedgerClockTest, JumpForwardIsDoubtedForGood) {
  ManualClock wall(kStartMs);
  LedgerClock clock(wall);
  wall.Jump(LedgerClock::kToleranceMs + 1);
  EXPECT_EQ(ReasonOf(clock.NowMillis(kLongAgo).status()), "CLOCK_UNCERTAIN");
  // Nobody knows which of the two was right.
  wall.Jump(-LedgerClock::kToleranceMs - 1);
  EXPECT_EQ(ReasonOf(clock.NowMillis(kLongAgo).status()), "CLOCK_UNCERTAIN");
}

TEST(LedgerClockTest, JumpBackIsDoubted) {
  ManualClock wall(kStartMs);
  LedgerClock clock(wall);
  wall.Jump(-LedgerClock::kToleranceMs - 1);
  EXPECT_EQ(ReasonOf(clock.NowMillis(kLongAgo).status()), "CLOCK_UNCERTAIN");
}

TEST(LedgerClockTest, SmallCorrectionsAreBelieved) {
  ManualClock wall(kStartMs);
  LedgerClock clock(wall);
  wall.Jump(LedgerClock::kToleranceMs);
  EXPECT_THAT(clock.NowMillis(kLongAgo), IsOkAndHolds(kStartMs + LedgerClock::kToleranceMs));
}

TEST(LedgerClockTest, SmallJumpsAddUpToALargeOne) {
  ManualClock wall(kStartMs);
  LedgerClock clock(wall);
  bool doubted = false;
  for (int i = 0; i < 60 && !doubted; ++i) {
    wall.Advance(1000);
    wall.Jump(1900);
    doubted = !clock.NowMillis(kLongAgo).ok();
  }
  EXPECT_TRUE(doubted) << "two minutes of jumps went unseen";
}

TEST(LedgerClockTest, SlewedClockIsBelievedForAsLongAsItTakes) {
  ManualClock wall(kStartMs);
  LedgerClock clock(wall);
  // A month, 0.05 % fast, asked once a minute.
  for (int i = 0; i < 30 * 24 * 60; ++i) {
    wall.Advance(60'000);
    wall.Jump(30);
    ASSERT_OK(clock.NowMillis(kLongAgo));
  }
}

TEST(LedgerClockTest, NeverGoesBehindTheLastEntry) {
  ManualClock wall(kStartMs);
  LedgerClock clock(wall);
  const Instant ahead{kStartMs / 1000 + 2};
  EXPECT_THAT(clock.NowMillis(ahead), IsOkAndHolds(ahead.unix_seconds * 1000));
}

TEST(LedgerClockTest, WaitsWhenTheLastEntryIsFarAhead) {
  ManualClock wall(kStartMs);
  LedgerClock clock(wall);
  const Instant ahead{kStartMs / 1000 + 3};
  EXPECT_EQ(ReasonOf(clock.NowMillis(ahead).status()), "CLOCK_UNCERTAIN");
  wall.Advance(1000);
  EXPECT_THAT(clock.NowMillis(ahead), IsOkAndHolds(ahead.unix_seconds * 1000))
      << "once it has caught up it is no longer doubted";
}

}  // namespace
}  // namespace consent::ledger
