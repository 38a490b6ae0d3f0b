// SPDX-License-Identifier: Apache-2.0
//
// Holds, confirmations, releases and outcomes.

#include <utility>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/consent/decide.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::ElementsAre;

class PermitTest : public ::testing::Test {
 protected:
  PermitTest() {
    Grant grant = GrantOf("g1", T("2026-03-01T09:00:00Z"),
                          {AtMost(1, "calls", On({Channel::kCall}), Calendar(Period::kYear))});
    grant.valid_until = T("2026-12-01T00:00:00Z");
    world_.At("2026-03-02T12:00:00Z").Give(std::move(grant));
  }

  // Consumes at noon, held for ten minutes.
  LeafIndex Hold() {
    Request request = world_.Wish();
    request.hold = {600};
    EXPECT_EQ(world_.Consume(request).decision.verdict, Verdict::kAllowed);
    return world_.last();
  }
  LeafIndex Take() {
    EXPECT_EQ(world_.Consume().decision.verdict, Verdict::kAllowed);
    return world_.last();
  }
  const Contact& ContactAt(LeafIndex permit) { return *world_.record.FindContact(permit); }

  World world_;
};

// What came of it: the reason, which is unspecified when it is done.
Reason Came(const Judgement& judgement) {
  const bool done = judgement.decision.verdict == Verdict::kDone;
  EXPECT_EQ(done, judgement.decision.reason == Reason::kUnspecified);
  EXPECT_EQ(judgement.decision, judgement.answered);
  return judgement.decision.reason;
}
constexpr Reason kDone = Reason::kUnspecified;

TEST_F(PermitTest, AHeldUnitIsTakenButGivesNoRightToContact) {
  Request request = world_.Wish();
  request.hold = {600};
  const Decision held = world_.Consume(request).decision;
  EXPECT_EQ(held.verdict, Verdict::kAllowed);
  EXPECT_EQ(held.contact_before, std::nullopt);
  EXPECT_THAT(held.remaining, ElementsAre(Remaining{"calls", 0}));
  // Another would be allowed when this one lapses.
  EXPECT_EQ(held.next_allowed, T("2026-03-02T12:10:00Z"));
  EXPECT_EQ(world_.Consume().decision.reason, Reason::kLimitReached);
}

TEST_F(PermitTest, AHoldLapsesAtTheExactSecond) {
  const LeafIndex permit = Hold();
  world_.At("2026-03-02T12:09:59Z");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
  EXPECT_EQ(world_.Check().decision.next_allowed, T("2026-03-02T12:10:00Z"));
  world_.At("2026-03-02T12:10:00Z");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kOk);
  EXPECT_EQ(Came(world_.Confirm(permit)), Reason::kPermitLapsed);
  EXPECT_EQ(Came(world_.Release(permit)), Reason::kPermitLapsed);
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kConnected)), Reason::kPermitLapsed);
}

TEST_F(PermitTest, AConfirmationStartsThePermitsTime) {
  const LeafIndex permit = Hold();
  const Judgement confirmed = world_.At("2026-03-02T12:05:00Z").Confirm(permit);
  EXPECT_EQ(Came(confirmed), kDone);
  EXPECT_EQ(confirmed.decision.contact_before, T("2026-03-02T12:10:00Z"));
  EXPECT_EQ(std::get<Confirmed>(*confirmed.event).reason, Reason::kOk);
  // Confirmed in time, it counts for good.
  EXPECT_EQ(world_.At("2026-03-03T12:00:00Z").Check().decision.reason, Reason::kLimitReached);
  EXPECT_EQ(Came(world_.Confirm(permit)), Reason::kAlreadyDone);
  EXPECT_EQ(Came(world_.Release(permit)), Reason::kAlreadyDone);
}

TEST_F(PermitTest, AConfirmationLastsNoLongerThanTheGrant) {
  world_.At("2026-11-30T23:55:00Z");
  const LeafIndex permit = Hold();
  EXPECT_EQ(world_.At("2026-11-30T23:58:00Z").Confirm(permit).decision.contact_before,
            T("2026-12-01T00:00:00Z"));
}

TEST_F(PermitTest, ARefusedConfirmationGivesTheUnitBack) {
  const LeafIndex permit = Hold();
  world_.Revoke();
  const Judgement refused = world_.Confirm(permit);
  EXPECT_EQ(refused.decision.verdict, Verdict::kDenied);
  EXPECT_EQ(Came(refused), Reason::kRevoked);
  EXPECT_EQ(std::get<Confirmed>(*refused.event).true_reason, Reason::kRevoked);
  EXPECT_EQ(ContactAt(permit).state, Contact::State::kRefused);
  EXPECT_FALSE(ContactAt(permit).CountsAt(world_.now()));
  EXPECT_EQ(Came(world_.Confirm(permit)), Reason::kAlreadyDone);
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kConnected)), Reason::kAlreadyDone);
}

TEST_F(PermitTest, AConfirmationDoesNotAskTheLimits) {
  const LeafIndex permit = Hold();
  // A stricter grant whose limit is full: the unit that is held was taken from it too.
  Grant strict = GrantOf("g2", T("2026-03-02T12:00:00Z"),
                         {AtMost(1, "calls", On({Channel::kCall}), Rolling(Period::kYear))});
  world_.Give(strict);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
  EXPECT_EQ(Came(world_.Confirm(permit)), kDone);
}

TEST_F(PermitTest, AReleaseGivesTheUnitBack) {
  const LeafIndex permit = Hold();
  EXPECT_EQ(Came(world_.Release(permit)), kDone);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kOk);
  EXPECT_EQ(Came(world_.Release(permit)), Reason::kAlreadyDone);
  EXPECT_EQ(Came(world_.Confirm(permit)), Reason::kAlreadyDone);
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kConnected)), Reason::kAlreadyDone);
  // Released comes before lapsed.
  EXPECT_EQ(Came(world_.At("2026-03-02T13:00:00Z").Release(permit)), Reason::kAlreadyDone);
}

TEST_F(PermitTest, WhatIsNotHeldCannotBeReleased) {
  const LeafIndex permit = Take();
  EXPECT_EQ(Came(world_.Release(permit)), Reason::kAlreadyDone);
  EXPECT_EQ(Came(world_.Confirm(permit)), Reason::kAlreadyDone);
}

TEST_F(PermitTest, AnUnknownPermitIsNoPermit) {
  EXPECT_EQ(Came(world_.Confirm({99})), Reason::kNoSuchPermit);
  EXPECT_EQ(Came(world_.Release({0})), Reason::kNoSuchPermit);
  const Judgement judgement = world_.Report({99}, Outcome::kConnected);
  EXPECT_EQ(Came(judgement), Reason::kNoSuchPermit);
  EXPECT_FALSE(judgement.event.has_value());
}

TEST_F(PermitTest, AnOutcomeWaitsForTheConfirmation) {
  const LeafIndex permit = Hold();
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kConnected)), Reason::kNotConfirmed);
  world_.Confirm(permit);
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kConnected)), kDone);
}

TEST_F(PermitTest, TheFirstOutcomeStands) {
  const LeafIndex permit = Take();
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kNoAnswer)), kDone);
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kConnected)), Reason::kAlreadyDone);
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kNotSent)), Reason::kAlreadyDone);
  EXPECT_EQ(ContactAt(permit).outcome, Outcome::kNoAnswer);
}

TEST_F(PermitTest, AnOutcomeMayComeLate) {
  const LeafIndex permit = Take();
  EXPECT_EQ(Came(world_.At("2026-04-01T00:00:00Z").Report(permit, Outcome::kConnected)), kDone);
}

TEST_F(PermitTest, NotSentGivesTheUnitBackInTime) {
  const LeafIndex permit = Take();
  EXPECT_EQ(Came(world_.At("2026-03-02T12:04:59Z").Report(permit, Outcome::kNotSent)), kDone);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kOk);
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kNotSent)), Reason::kAlreadyDone);
}

TEST_F(PermitTest, NotSentTooLateRecordsNothing) {
  const LeafIndex permit = Take();
  const Judgement late = world_.At("2026-03-02T12:05:00Z").Report(permit, Outcome::kNotSent);
  EXPECT_EQ(Came(late), Reason::kPermitExpired);
  EXPECT_FALSE(late.event.has_value());
  EXPECT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
  EXPECT_EQ(Came(world_.Report(permit, Outcome::kConnected)), kDone);
}

TEST_F(PermitTest, DeclinedLeavesGrantsAlone) {
  world_.Report(Take(), Outcome::kDeclined);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
  EXPECT_FALSE(world_.record.Find("acme")->narrowed.has_value());
}

TEST_F(PermitTest, OpposedBlocksThisCompanysVoice) {
  world_.Report(Take(), Outcome::kOpposed);
  EXPECT_EQ(world_.Check(Channel::kCall).decision.reason, Reason::kBlocked);
  EXPECT_EQ(world_.Check(Channel::kVoicePrerecorded).decision.reason, Reason::kBlocked);
  EXPECT_EQ(world_.Check(Channel::kSms).decision.reason, Reason::kNotOnThisChannel);
  EXPECT_TRUE(world_.record.Find("acme")->narrowed.has_value());
  world_.Unblock("*");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kBlocked);
  world_.Unblock("acme");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
}

TEST_F(PermitTest, StopBlocksThisCompanysTexts) {
  world_.Report(Take(), Outcome::kStop);
  for (const Channel text : {Channel::kSms, Channel::kMms, Channel::kMessaging}) {
    EXPECT_EQ(world_.Check(text).decision.reason, Reason::kBlocked);
  }
  EXPECT_EQ(world_.Check(Channel::kEmail).decision.reason, Reason::kNotOnThisChannel);
  EXPECT_EQ(world_.Check(Channel::kCall).decision.reason, Reason::kLimitReached);
}

}  // namespace
}  // namespace consent::core
