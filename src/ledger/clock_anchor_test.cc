// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/clock_anchor.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/ledger/ledger_clock.h"
#include "src/ledger/test_ledger.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;
constexpr int64_t kDayMs = INT64_C(24) * 3600 * 1000;
constexpr int64_t kYearMs = 365 * kDayMs;

class ClockAnchorTest : public ::testing::Test {
 protected:
  absl::Status Check(Instant last_at = {}) { return CheckClock(store_, clock_, last_at); }

  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
};

TEST_F(ClockAnchorTest, ANewLedgerBelievesTheClock) { EXPECT_OK(Check()); }

TEST_F(ClockAnchorTest, TimeThatPassedOnBothClocksIsBelieved) {
  ASSERT_OK(DropAnchor(store_, clock_));
  clock_.Advance(3 * kYearMs);
  EXPECT_OK(Check());
}

TEST_F(ClockAnchorTest, AClockThatWasSetWhileTheLedgerWasClosedIsNot) {
  for (const int64_t jump_ms : {kYearMs, -kYearMs, LedgerClock::kToleranceMs + 1}) {
    ASSERT_OK(DropAnchor(store_, clock_));
    clock_.Jump(jump_ms);
    EXPECT_THAT(Check(), StatusIs(kPrecondition, AllOf(HasSubstr("against the steady one"),
                                                       HasSubstr("--clock-is-right"))))
        << jump_ms;
  }
  ASSERT_OK(DropAnchor(store_, clock_));
  clock_.Jump(LedgerClock::kToleranceMs);
  EXPECT_OK(Check());
}

TEST_F(ClockAnchorTest, AfterAStartOfTheMachineAWeekIsBelievedAndNoMore) {
  ASSERT_OK(DropAnchor(store_, clock_));
  clock_.Reboot();
  clock_.Jump(7 * kDayMs);
  EXPECT_OK(Check());
  clock_.Jump(1);
  EXPECT_THAT(Check(),
              StatusIs(kPrecondition, AllOf(HasSubstr("2026-03-02"), HasSubstr("2026-03-09"))));
  // An entry is a moment that has surely passed.
  EXPECT_OK(Check(Instant{kTestStartMs / 1000 + 3600}));
}

TEST_F(ClockAnchorTest, WithoutAnAnchorTheLastEntryIsWhatIsKnown) {
  EXPECT_OK(Check(Instant{kTestStartMs / 1000 - 6 * 86'400}));
  EXPECT_THAT(Check(Instant{kTestStartMs / 1000 - 8 * 86'400}), StatusIs(kPrecondition));
}

TEST_F(ClockAnchorTest, AMachineThatDoesNotNameItsRunsIsComparedRoughly) {
  class Nameless final : public Clock {
   public:
    explicit Nameless(const ManualClock& real) : real_(real) {}
    int64_t WallMillis() const override { return real_.WallMillis(); }
    int64_t SteadyMillis() const override { return real_.SteadyMillis(); }
    std::string Boot() const override { return ""; }

   private:
    const ManualClock& real_;
  };
  const Nameless nameless(clock_);
  ASSERT_OK(DropAnchor(store_, nameless));
  clock_.Jump(kDayMs);
  EXPECT_OK(CheckClock(store_, nameless, {}));
  clock_.Jump(kYearMs);
  EXPECT_THAT(CheckClock(store_, nameless, {}), StatusIs(kPrecondition));
}

TEST_F(ClockAnchorTest, AMalformedAnchorIsDataLoss) {
  ASSERT_OK(store_.WriteFact("clock", "?"));
  EXPECT_THAT(Check(), StatusIs(absl::StatusCode::kDataLoss));
}

// ---- In a ledger.

absl::Status OpenWith(store::Store& store, const Clock& clock, bool clock_is_right) {
  return Ledger::Open(store, clock,
                      {.origin = std::string(kTestOrigin),
                       .peppers = TestPeppers(1, 1).Checks(),
                       .journal_keys = {KeyOf("journal")},
                       .clock_is_right = clock_is_right})
      .status();
}

TEST_F(ClockAnchorTest, NextYearsLimitsStayShutOverARestart) {
  {
    TestLedger ledger(store_, clock_);
    ledger.Settle(PersonOf(1), 1, 0);
    ASSERT_OK(ledger.Consume(PersonOf(1), "r1"));
  }
  clock_.Jump(kYearMs);
  EXPECT_THAT(OpenWith(store_, clock_, false), StatusIs(kPrecondition, HasSubstr("clock: ")));
  clock_.Jump(-kYearMs);
  TestLedger ledger(store_, clock_);
  EXPECT_EQ(ledger.Consume(PersonOf(1), "r2")->decision.reason, core::Reason::kLimitReached);
}

TEST_F(ClockAnchorTest, AJumpIsNotForgottenByStopping) {
  {
    TestLedger ledger(store_, clock_);
    clock_.Jump(kYearMs);
  }
  EXPECT_THAT(OpenWith(store_, clock_, false), StatusIs(kPrecondition));
  EXPECT_OK(OpenWith(store_, clock_, true));
  EXPECT_OK(OpenWith(store_, clock_, false));  // Once is enough.
}

TEST_F(ClockAnchorTest, AStartThatWasRefusedLeavesTheAnchorAlone) {
  ASSERT_OK(OpenWith(store_, clock_, false));
  clock_.Jump(kYearMs);
  EXPECT_FALSE(OpenWith(store_, clock_, false).ok());
  EXPECT_FALSE(OpenWith(store_, clock_, false).ok());
}

}  // namespace
}  // namespace consent::ledger
