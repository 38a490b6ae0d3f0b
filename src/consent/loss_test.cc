// SPDX-License-Identifier: Apache-2.0
//
// What is decided after a loss was accepted: nothing that may have been lost counts as room, and
// no permit from before gives a right.

#include "src/consent/loss.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "src/consent/evolve.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

Limit Calls(int64_t max, Window window) {
  return AtMost(max, "calls", On({Channel::kCall}), window);
}

// A grant from 2 March 2026, 10:00 UTC; a loss accepted on the 10th at noon.
World After(Window window, int64_t max = 100) {
  World world;
  world.At("2026-03-02T10:00:00Z").Give(GrantOf("g1", world.now(), {Calls(max, window)}));
  world.At("2026-03-10T12:00:00Z").Recover("2026-03-09T23:00:00Z");
  return world;
}

void ExpectFullUntil(Window window, const std::string& opens) {
  World world = After(window);
  const Decision denied = world.Check().decision;
  EXPECT_EQ(denied.reason, Reason::kLimitReached);
  EXPECT_EQ(denied.limit, "calls");
  EXPECT_EQ(denied.remaining, (std::vector<Remaining>{{"calls", 0}}));
  EXPECT_EQ(world.Show(denied.next_allowed), opens);
  if (!denied.next_allowed.has_value()) return;
  world.At(Shown(*denied.next_allowed - Seconds{1}, absl::UTCTimeZone()));
  EXPECT_EQ(world.Check().decision.reason, Reason::kLimitReached);
  world.At(opens);
  EXPECT_EQ(world.Check().decision.remaining, (std::vector<Remaining>{{"calls", 100}}));
}

TEST(LossTest, ACalendarWindowIsFullUntilItEnds) {
  ExpectFullUntil(Calendar(Period::kDay), "2026-03-11T00:00:00+01:00");
  ExpectFullUntil(Calendar(Period::kYear), "2027-01-01T00:00:00+01:00");
}

TEST(LossTest, ARollingWindowIsFullForOnePeriod) {
  ExpectFullUntil(Rolling(Period::kDay), "2026-03-11T13:00:00+01:00");
  ExpectFullUntil(Rolling(Period::kMonth), "2026-04-10T13:00:00+02:00");
}

TEST(LossTest, AnAnniversaryWindowIsFullUntilItEnds) {
  ExpectFullUntil(Anniversary(Period::kMonth), "2026-04-02T11:00:00+02:00");
}

TEST(LossTest, ALifetimeIsFullForEver) { ExpectFullUntil(Lifetime(), "none"); }

TEST(LossTest, AGrantThatBeginsAfterwardsHasItsOwnWindows) {
  World world = After(Lifetime());
  world.At("2026-03-10T12:00:01Z").Give(GrantOf("g2", world.now(), {Calls(1, Lifetime())}));
  EXPECT_EQ(world.Consume().decision.verdict, Verdict::kAllowed);
  world.Give(GrantOf("g3", world.now(), {Calls(2, Anniversary(Period::kYear))}));
  EXPECT_EQ(world.Consume().decision.verdict, Verdict::kAllowed);
  // What the calendar counts, it counts whichever grant allowed it.
  world.Give(GrantOf("g4", world.now(), {Calls(9, Calendar(Period::kYear))}));
  EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);
}

TEST(LossTest, AGrantThatBeginsThatVerySecondMayHaveBeenUsed) {
  World world = After(Lifetime());
  world.Give(GrantOf("g2", world.now(), {Calls(1, Lifetime())}));
  EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);
}

TEST(LossTest, AWindowThatBeganAfterwardsIsAsEver) {
  World world = After(Calendar(Period::kDay), 1);
  world.At("2026-03-11T10:00:00Z");
  EXPECT_EQ(world.Consume().decision.verdict, Verdict::kAllowed);
  EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);
}

TEST(LossTest, AllLimitsMustBeKnown) {
  World world;
  Grant grant = GrantOf("g1", T("2026-03-02T10:00:00Z"), {Calls(5, Calendar(Period::kDay))});
  grant.limits.push_back(AtMost(5, "month", On({Channel::kCall}), Calendar(Period::kMonth)));
  world.At("2026-03-02T10:00:00Z").Give(grant);
  world.At("2026-03-10T12:00:00Z").Recover("2026-03-09T23:00:00Z");
  world.At("2026-03-11T12:00:00Z");
  const Decision decision = world.Check().decision;
  EXPECT_EQ(decision.limit, "month");
  EXPECT_EQ(decision.remaining, (std::vector<Remaining>{{"calls", 5}, {"month", 0}}));
  EXPECT_EQ(world.Show(decision.next_allowed), "2026-04-01T00:00:00+02:00");
}

class VoidPermitTest : public ::testing::Test {
 protected:
  VoidPermitTest() {
    world_.At("2026-03-02T10:00:00Z")
        .Give(GrantOf("g1", world_.now(), {Calls(100, Calendar(Period::kDay))}));
    world_.Consume(used_);
    used_permit_ = world_.last();
    held_.hold = {3600};
    world_.Consume(held_);
    held_permit_ = world_.last();
    world_.At("2026-03-02T10:01:00Z").Recover("2026-03-02T10:00:30Z");
  }

  World world_;
  Request used_ = world_.Wish();
  Request held_ = world_.Wish();
  LeafIndex used_permit_, held_permit_;
};

TEST_F(VoidPermitTest, ARepeatGivesNoContact) {
  EXPECT_EQ(world_.Consume(used_).decision.reason, Reason::kPermitExpired);
  EXPECT_EQ(world_.Consume(held_).decision.reason, Reason::kPermitLapsed);
}

TEST_F(VoidPermitTest, AHeldOneHasLapsed) {
  EXPECT_EQ(world_.Confirm(held_permit_).decision.reason, Reason::kPermitLapsed);
  EXPECT_EQ(world_.Release(held_permit_).decision.reason, Reason::kPermitLapsed);
  EXPECT_EQ(world_.Report(held_permit_, Outcome::kConnected).decision.reason,
            Reason::kPermitLapsed);
}

TEST_F(VoidPermitTest, WhatBecameOfTheContactMayStillBeReported) {
  EXPECT_EQ(world_.Report(used_permit_, Outcome::kNotSent).decision.reason, Reason::kPermitExpired);
  EXPECT_EQ(world_.Report(used_permit_, Outcome::kOpposed).decision.verdict, Verdict::kDone);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kBlocked);
  EXPECT_EQ(world_.Consume(used_).decision.reason, Reason::kPermitUsed);
}

TEST_F(VoidPermitTest, PermitsGivenAfterwardsAreGood) {
  world_.At("2026-03-03T10:00:00Z");
  const Request request = world_.Wish();
  EXPECT_EQ(world_.Consume(request).decision.verdict, Verdict::kAllowed);
  EXPECT_EQ(world_.Consume(request).decision.verdict, Verdict::kAllowed);
  Request held = world_.Wish();
  held.hold = {60};
  world_.Consume(held);
  EXPECT_EQ(world_.Confirm(world_.last()).decision.verdict, Verdict::kDone);
}

TEST(LossTest, TheEntryItselfChangesNoRecord) {
  World world = After(Lifetime());
  Record record = world.record;
  Evolve(record, {world.now(), {record.seen.value}, Recovered{}});
  record.seen = world.record.seen;
  record.tag_year = world.record.tag_year;
  record.tag_count = world.record.tag_count;
  EXPECT_EQ(record, world.record);
}

}  // namespace
}  // namespace consent::core
