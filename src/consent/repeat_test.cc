// SPDX-License-Identifier: Apache-2.0
//
// The same request id again.

#include <utility>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/consent/decide.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::IsEmpty;

class RepeatTest : public ::testing::Test {
 protected:
  RepeatTest() {
    world_.At("2026-03-02T12:00:00Z")
        .Give(GrantOf("g1", world_.now(),
                      {AtMost(5, "calls", On({Channel::kCall}), Calendar(Period::kYear))}));
    request_ = world_.Wish();
  }
  Reason Again() {
    const Judgement judgement = world_.Consume(request_);
    if (judgement.decision.verdict == Verdict::kDenied) {
      // Somebody got this answer: it is an entry like any other.
      EXPECT_TRUE(judgement.event.has_value());
      EXPECT_THAT(judgement.decision.remaining, IsEmpty());
      EXPECT_EQ(judgement.decision.next_allowed, std::nullopt);
      EXPECT_EQ(judgement.decision.contact_before, std::nullopt);
      EXPECT_EQ(judgement.decision.permit, std::nullopt);
    }
    return judgement.decision.reason;
  }
  size_t contacts() { return world_.record.Find("acme")->contacts.size(); }

  World world_;
  Request request_;
};

TEST_F(RepeatTest, AThousandTimesTakesOneUnit) {
  const Decision first = world_.Consume(request_).decision;
  const Record after = world_.record;
  for (int i = 0; i < 1000; ++i) {
    const Judgement again = world_.Consume(request_);
    EXPECT_FALSE(again.event.has_value());
    Decision decision = again.decision;
    EXPECT_EQ(decision.permit, world_.last());
    decision.permit.reset();
    EXPECT_EQ(decision, first);
  }
  EXPECT_EQ(world_.record, after);
}

TEST_F(RepeatTest, TheFirstAnswerStandsThoughOthersTookUnitsMeanwhile) {
  const Decision first = world_.Consume(request_).decision;
  world_.At("2026-03-02T12:01:00Z").Consume();
  const Decision again = world_.Consume(request_).decision;
  EXPECT_EQ(again.remaining, first.remaining);
  EXPECT_EQ(again.next_allowed, first.next_allowed);
  EXPECT_EQ(again.contact_before, first.contact_before);
}

TEST_F(RepeatTest, OtherContentIsAnErrorAndChangesNothing) {
  world_.Consume(request_);
  const auto differs = [&](auto change) {
    Request other = request_;
    change(other);
    const Judgement judgement = world_.Consume(other);
    EXPECT_FALSE(judgement.event.has_value());
    EXPECT_EQ(judgement.decision.verdict, Verdict::kError);
    EXPECT_EQ(judgement.decision.reason, Reason::kRequestIdReused);
    EXPECT_EQ(judgement.answered, judgement.decision);
  };
  differs([](Request& r) { r.channel = Channel::kSms; });
  differs([](Request& r) { r.purpose = Purpose::kPress; });
  differs([](Request& r) { r.permit_ttl = {301}; });
  differs([](Request& r) { r.hold = {60}; });
  differs([](Request& r) { r.caller_number = "+33199001234"; });
}

TEST_F(RepeatTest, AnotherCompanysIdsAreItsOwn) {
  world_.Consume(request_);
  Grant grant = GrantOf("g1", world_.now(), {AtMost(1, "sms", On({Channel::kSms}), Lifetime())});
  grant.company = "other";
  world_.Give(grant);
  request_.company = "other";
  request_.channel = Channel::kSms;
  EXPECT_EQ(Again(), Reason::kOk);
}

TEST_F(RepeatTest, ADenialIsNotRemembered) {
  world_.Block("acme");
  EXPECT_EQ(Again(), Reason::kBlocked);
  EXPECT_EQ(contacts(), 0u);
  world_.Unblock("acme");
  EXPECT_EQ(Again(), Reason::kOk);
  EXPECT_EQ(contacts(), 1u);
}

TEST_F(RepeatTest, AnExpiredPermitStaysExpired) {
  world_.Consume(request_);
  world_.At("2026-03-02T12:04:59Z");
  EXPECT_EQ(Again(), Reason::kOk);
  world_.At("2026-03-02T12:05:00Z");
  EXPECT_EQ(Again(), Reason::kPermitExpired);
  world_.Revoke();
  EXPECT_EQ(Again(), Reason::kPermitExpired);
}

TEST_F(RepeatTest, WhoHasMeanwhileSaidNoIsNotContacted) {
  world_.Consume(request_);
  world_.Revoke();
  EXPECT_EQ(Again(), Reason::kRevoked);
  world_.Block("*");
  EXPECT_EQ(Again(), Reason::kBlocked);
  EXPECT_EQ(contacts(), 1u);
}

TEST_F(RepeatTest, LimitsAreNotAskedAgain) {
  world_.Consume(request_);
  for (int i = 0; i < 4; ++i) world_.Consume();
  EXPECT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
  EXPECT_EQ(Again(), Reason::kOk);
}

TEST_F(RepeatTest, TheRightEndsEarlierUnderThePresentGrants) {
  world_.Consume(request_);
  Grant shorter = GrantOf("g2", world_.now(),
                          {AtMost(5, "calls", On({Channel::kCall}), Calendar(Period::kYear))});
  shorter.valid_until = T("2026-03-02T12:02:00Z");
  world_.Give(shorter);
  EXPECT_EQ(world_.Consume(request_).decision.contact_before, T("2026-03-02T12:02:00Z"));
  EXPECT_EQ(world_.Consume(request_).decision.grant, "g1");
  world_.At("2026-03-02T12:02:00Z");
  EXPECT_EQ(Again(), Reason::kExpired);
}

TEST_F(RepeatTest, AUsedPermitIsUsed) {
  world_.Consume(request_);
  world_.Report(world_.last(), Outcome::kNoAnswer);
  EXPECT_EQ(Again(), Reason::kPermitUsed);
  world_.At("2026-03-02T13:00:00Z");
  EXPECT_EQ(Again(), Reason::kPermitUsed);
}

TEST_F(RepeatTest, WhatWasNotSentIsReleased) {
  world_.Consume(request_);
  world_.Report(world_.last(), Outcome::kNotSent);
  EXPECT_EQ(Again(), Reason::kPermitReleased);
}

TEST_F(RepeatTest, AHeldPermitIsHeldUntilItLapses) {
  request_.hold = {600};
  world_.Consume(request_);
  EXPECT_EQ(Again(), Reason::kOk);
  EXPECT_EQ(world_.Consume(request_).decision.contact_before, std::nullopt);
  world_.At("2026-03-02T12:10:00Z");
  EXPECT_EQ(Again(), Reason::kPermitLapsed);
}

TEST_F(RepeatTest, AConfirmedPermitSaysWhenItEnds) {
  request_.hold = {600};
  world_.Consume(request_);
  world_.At("2026-03-02T12:09:00Z").Confirm(world_.last());
  EXPECT_EQ(world_.Consume(request_).decision.contact_before, T("2026-03-02T12:14:00Z"));
  world_.At("2026-03-02T12:14:00Z");
  EXPECT_EQ(Again(), Reason::kPermitExpired);
}

TEST_F(RepeatTest, AReleasedOrRefusedHoldIsReleased) {
  request_.hold = {600};
  world_.Consume(request_);
  world_.Release(world_.last());
  EXPECT_EQ(Again(), Reason::kPermitReleased);

  request_.request_id = "second";
  world_.Consume(request_);
  const LeafIndex permit = world_.last();
  world_.Block("acme");
  world_.Confirm(permit);
  EXPECT_EQ(Again(), Reason::kPermitReleased);
  world_.At("2026-03-02T13:00:00Z");
  EXPECT_EQ(Again(), Reason::kPermitReleased);
}

// "As long as the permit is held": it gives no right to contact, and its confirmation is judged.
TEST_F(RepeatTest, AHeldPermitIsAnsweredAgainWhateverHasBeenSaidSince) {
  request_.hold = {600};
  world_.Consume(request_);
  const LeafIndex permit = world_.last();
  world_.Block("acme");
  const Decision again = world_.Consume(request_).decision;
  EXPECT_EQ(again.verdict, Verdict::kAllowed);
  EXPECT_EQ(again.contact_before, std::nullopt);
  EXPECT_EQ(again.permit, permit);
  EXPECT_EQ(world_.Confirm(permit).decision.reason, Reason::kBlocked);
}

TEST_F(RepeatTest, WhoMayNotActForTheCompanyLearnsNothingOfItsRequests) {
  Request request = world_.Wish();
  ASSERT_EQ(world_.Consume(request).decision.verdict, Verdict::kAllowed);
  request.processor = "nobodys";
  EXPECT_EQ(world_.Consume(request).decision.reason, Reason::kNotDelegated) << "its id is known";
  request.request_id = "guessed";
  EXPECT_EQ(world_.Consume(request).decision.reason, Reason::kNotDelegated);
}

}  // namespace
}  // namespace consent::core
