// SPDX-License-Identifier: Apache-2.0
//
// The order of reasons, the grant that speaks, and what an answer says.

#include "src/consent/decide.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const ChannelSet kCalls = On({Channel::kCall});

// May be called once a year from 1 March 2026.
Grant YearlyCall(std::string id = "g1") {
  return GrantOf(std::move(id), T("2026-03-01T09:00:00Z"),
                 {AtMost(1, "calls", kCalls, Calendar(Period::kYear))});
}

TEST(DecideTest, AnEmptyRecordIsAnUnknownConsumer) {
  World world;
  world.At("2026-03-02T12:00:00Z");
  const Judgement judgement = world.Consume();
  EXPECT_EQ(judgement.decision.verdict, Verdict::kDenied);
  EXPECT_EQ(judgement.decision.reason, Reason::kNoPermission);
  EXPECT_EQ(judgement.decision.next_allowed, std::nullopt);
  EXPECT_THAT(judgement.decision.remaining, IsEmpty());
  EXPECT_EQ(judgement.answered, judgement.decision);
  EXPECT_TRUE(judgement.event.has_value());
}

TEST(DecideTest, TheLastUnitLeavesNothingForTheSecondCaller) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
  const Decision first = world.Consume().decision;
  EXPECT_EQ(first.verdict, Verdict::kAllowed);
  EXPECT_EQ(first.reason, Reason::kOk);
  EXPECT_EQ(first.basis, Basis::kConsent);
  EXPECT_EQ(first.grant, "g1");
  EXPECT_EQ(first.contact_before, world.now() + kPermitTtlDefault);
  EXPECT_THAT(first.remaining, ElementsAre(Remaining{"calls", 0}));
  EXPECT_EQ(world.Show(first.next_allowed), "2027-01-01T00:00:00+01:00");

  const Decision second = world.Consume().decision;
  EXPECT_EQ(second.verdict, Verdict::kDenied);
  EXPECT_EQ(second.reason, Reason::kLimitReached);
  EXPECT_EQ(second.limit, "calls");
  EXPECT_THAT(second.remaining, ElementsAre(Remaining{"calls", 0}));
  EXPECT_EQ(world.Show(second.next_allowed), "2027-01-01T00:00:00+01:00");
  EXPECT_EQ(second.contact_before, std::nullopt);
}

TEST(DecideTest, AllLimitsThatNameTheChannelMustHaveRoom) {
  World world;
  world.At("2026-03-01T09:00:00Z")
      .Give(GrantOf(
          "g1", world.now(),
          {AtMost(1, "calls", kCalls, Calendar(Period::kYear)),
           AtMost(4, "texts", On({Channel::kSms}), Calendar(Period::kYear)),
           AtMost(2, "all", On({Channel::kCall, Channel::kSms}), Calendar(Period::kYear))}));
  EXPECT_THAT(world.Consume(Channel::kSms).decision.remaining,
              ElementsAre(Remaining{"texts", 3}, Remaining{"all", 1}));
  EXPECT_THAT(world.Consume(Channel::kSms).decision.remaining,
              ElementsAre(Remaining{"texts", 2}, Remaining{"all", 0}));
  const Decision third = world.Consume(Channel::kSms).decision;
  EXPECT_EQ(third.reason, Reason::kLimitReached);
  EXPECT_EQ(third.limit, "all");
  EXPECT_THAT(third.remaining, ElementsAre(Remaining{"texts", 2}, Remaining{"all", 0}));
  const Decision call = world.Consume(Channel::kCall).decision;
  EXPECT_EQ(call.limit, "all");
  EXPECT_THAT(call.remaining, ElementsAre(Remaining{"calls", 1}, Remaining{"all", 0}));
}

TEST(DecideTest, TheFirstFullLimitIsNamed) {
  World world;
  world.At("2026-03-01T09:00:00Z")
      .Give(GrantOf("g1", world.now(),
                    {AtMost(9, "year", kCalls, Calendar(Period::kYear)),
                     AtMost(1, "day", kCalls, Calendar(Period::kDay)),
                     AtMost(1, "week", kCalls, Calendar(Period::kWeek))}));
  world.Consume();
  const Decision denied = world.Consume().decision;
  EXPECT_EQ(denied.limit, "day");
  // 1 March 2026 is a Sunday: both have room on Monday.
  EXPECT_EQ(world.Show(denied.next_allowed), "2026-03-02T00:00:00+01:00");
}

TEST(ReasonTest, ABlockComesBeforeAll) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
  world.Revoke();
  EXPECT_EQ(world.Block("acme"), Reason::kOk);
  const Decision denied = world.Consume().decision;
  EXPECT_EQ(denied.reason, Reason::kBlocked);
  EXPECT_EQ(denied.grant, "");
  EXPECT_EQ(denied.next_allowed, std::nullopt);
}

TEST(ReasonTest, ABlockOfAllCompaniesOrSomeChannels) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
  world.Block("*", On({Channel::kSms}));
  EXPECT_EQ(world.Check(Channel::kSms).decision.reason, Reason::kBlocked);
  EXPECT_EQ(world.Check(Channel::kCall).decision.reason, Reason::kOk);
  world.Block("other");
  EXPECT_EQ(world.Check(Channel::kCall).decision.reason, Reason::kOk);
  world.Block("*");
  EXPECT_EQ(world.Check(Channel::kCall).decision.reason, Reason::kBlocked);
}

TEST(ReasonTest, ReasonsComeInTheOrderOfThePage) {
  World world;
  world.At("2026-02-01T09:00:00Z");
  Grant press = GrantOf("press", world.now(), {AtMost(1, "calls", kCalls, Lifetime())});
  press.purposes = For({Purpose::kPress});
  world.Give(press);
  EXPECT_EQ(world.Check().decision.reason, Reason::kNotForThisPurpose);

  Grant grant = YearlyCall();
  grant.valid_until = T("2027-03-01T09:00:00Z");
  grant.hours = {During("1111100", 10 * 60, 13 * 60)};
  world.Give(grant);
  world.ForgetZone();
  EXPECT_EQ(world.Check(Channel::kSms).decision.reason, Reason::kNotYetValid);
  EXPECT_EQ(world.At("2027-03-01T09:00:00Z").Check(Channel::kSms).decision.reason,
            Reason::kExpired);
  EXPECT_EQ(world.At("2026-03-01T09:00:00Z").Check(Channel::kSms).decision.reason,
            Reason::kNotOnThisChannel);
  EXPECT_EQ(world.Check().decision.reason, Reason::kUnknownZone);
  EXPECT_THAT(world.Check().decision.remaining, IsEmpty());

  World known;
  known.At("2026-03-01T09:00:00Z").Give(grant);  // A Sunday.
  const Decision closed = known.Check().decision;
  EXPECT_EQ(closed.reason, Reason::kOutsideHours);
  EXPECT_THAT(closed.remaining, ElementsAre(Remaining{"calls", 1}));
  EXPECT_EQ(closed.limit, "");
  EXPECT_EQ(known.Show(closed.next_allowed), "2026-03-02T10:00:00+01:00");
  known.Revoke("acme", "g1");
  EXPECT_EQ(known.Check().decision.reason, Reason::kRevoked);
  EXPECT_EQ(known.At("2028-01-01T00:00:00Z").Check().decision.reason, Reason::kRevoked);
}

TEST(ReasonTest, HoursAreJudgedBeforeLimits) {
  World world;
  Grant grant = YearlyCall();
  grant.hours = {During("1111111", 10 * 60, 13 * 60)};
  world.At("2026-03-02T11:00:00+01:00").Give(grant);
  EXPECT_EQ(world.Consume().decision.reason, Reason::kOk);
  EXPECT_EQ(world.Consume().decision.reason, Reason::kLimitReached);
  const Decision closed = world.At("2026-03-02T13:00:00+01:00").Consume().decision;
  EXPECT_EQ(closed.reason, Reason::kOutsideHours);
  EXPECT_THAT(closed.remaining, ElementsAre(Remaining{"calls", 0}));
  EXPECT_EQ(world.Show(closed.next_allowed), "2027-01-01T10:00:00+01:00");
}

TEST(ReasonTest, AStrangerLearnsOnlyThatThereIsNoPermission) {
  World world;
  world.At("2026-03-01T09:00:00Z").Block("*");
  const Judgement stranger = world.Consume();
  EXPECT_EQ(stranger.decision.reason, Reason::kBlocked);
  EXPECT_EQ(stranger.answered.reason, Reason::kNoPermission);
  const auto& decided = std::get<Decided>(*stranger.event);
  EXPECT_EQ(decided.answer.reason, Reason::kNoPermission);
  EXPECT_EQ(decided.true_reason, Reason::kBlocked);

  // To be blocked by name makes nobody known.
  world.Block("acme");
  EXPECT_EQ(world.Consume().answered.reason, Reason::kNoPermission);

  world.Give(YearlyCall());
  EXPECT_EQ(world.Consume().answered.reason, Reason::kBlocked);
}

TEST(SpeakingTest, TheLatestToArriveOfThoseBegunSpeaksAlone) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall("first"));
  Grant later = YearlyCall("later");
  later.valid_from = T("2026-06-01T00:00:00Z");
  later.limits[0].max = 5;
  world.Give(later);
  EXPECT_EQ(world.Check().decision.grant, "first");
  EXPECT_EQ(world.At("2026-06-01T00:00:00Z").Check().decision.grant, "later");
  Grant again = YearlyCall("again");
  again.valid_from = T("2020-01-01T00:00:00Z");
  world.Give(again);
  EXPECT_EQ(world.Check().decision.grant, "again");
}

TEST(SpeakingTest, EndingDoesNotReviveAnEarlierGrant) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall("first"));
  Grant shorter = YearlyCall("short");
  shorter.valid_until = T("2026-04-01T00:00:00Z");
  world.Give(shorter);
  EXPECT_EQ(world.At("2026-04-01T00:00:00Z").Check().decision.reason, Reason::kExpired);
  world.Give(YearlyCall("third"));
  world.Revoke("acme", "third");
  EXPECT_EQ(world.Check().decision.reason, Reason::kRevoked);
}

TEST(SpeakingTest, WhenNoneHasBegunTheLatestSpeaks) {
  World world;
  world.At("2026-01-01T00:00:00Z").Give(YearlyCall("first"));
  Grant second = YearlyCall("second");
  second.valid_from = T("2026-06-01T00:00:00Z");
  world.Give(second);
  world.Revoke("acme", "second");
  const Decision denied = world.Check().decision;
  EXPECT_EQ(denied.reason, Reason::kRevoked);
  // In March the first begins and speaks, until June.
  EXPECT_EQ(denied.next_allowed, T("2026-03-01T09:00:00Z"));
}

TEST(SpeakingTest, AConsumersGrantSilencesClaimsForItsPurposesBeforeItBegins) {
  World world;
  Grant claim = YearlyCall("claim");
  claim.purposes = For({Purpose::kDirectMarketing, Purpose::kPress});
  claim.signed_by = Signer::kCompany;
  claim.collected_at = T("2026-01-01T00:00:00Z");
  world.At("2026-03-01T09:00:00Z").Give(claim);
  EXPECT_EQ(world.Check().decision.grant, "claim");

  Grant own = YearlyCall("own");
  own.valid_from = T("2026-06-01T00:00:00Z");
  own.valid_until = T("2026-07-01T00:00:00Z");
  world.Give(own);
  EXPECT_EQ(world.Check().decision.reason, Reason::kNotYetValid);
  EXPECT_EQ(world.At("2026-08-01T00:00:00Z").Check().decision.reason, Reason::kExpired);

  Request press = world.Wish();
  press.purpose = Purpose::kPress;
  EXPECT_EQ(world.Consume(press).decision.grant, "claim");
}

TEST(ContactBeforeTest, IsTheFirstMomentAtWhichItWouldBeForbidden) {
  World world;
  Grant grant = YearlyCall();
  grant.limits[0].max = 9;
  grant.valid_until = T("2026-03-03T11:59:00+01:00");
  grant.hours = {During("1111111", 10 * 60, 13 * 60), During("1111111", 13 * 60, 14 * 60)};
  world.At("2026-03-02T12:59:00+01:00").Give(grant);
  Request hour = world.Wish();
  hour.permit_ttl = {3600};
  // The two spans touch: no break at 13:00.
  EXPECT_EQ(world.Show(world.Consume(hour).decision.contact_before), "2026-03-02T13:59:00+01:00");
  EXPECT_EQ(world.Show(world.At("2026-03-02T13:58:00+01:00").Consume().decision.contact_before),
            "2026-03-02T14:00:00+01:00");
  EXPECT_EQ(world.Show(world.At("2026-03-03T11:58:30+01:00").Consume().decision.contact_before),
            "2026-03-03T11:59:00+01:00");
}

TEST(ContactBeforeTest, AGrantThatBeginsMayEndIt) {
  World world;
  world.At("2026-03-02T12:00:00+01:00").Give(YearlyCall());
  Grant texts = GrantOf("texts", T("2026-03-02T12:01:00+01:00"),
                        {AtMost(1, "texts", On({Channel::kSms}), Lifetime())});
  world.Give(texts);
  EXPECT_EQ(world.Show(world.Check().decision.contact_before), "2026-03-02T12:01:00+01:00");
}

TEST(ContactBeforeTest, TheHourThatComesTwiceShutsAtItsFirstEnd) {
  World world;
  Grant grant = YearlyCall();
  grant.hours = {During("1111111", 0, 2 * 60 + 30)};
  world.At("2026-10-25T02:29:00+02:00").Give(grant);
  EXPECT_EQ(world.Show(world.Check().decision.contact_before), "2026-10-25T02:30:00+02:00");
  EXPECT_EQ(world.Show(world.At("2026-10-25T02:30:00+02:00").Check().decision.next_allowed),
            "2026-10-25T02:00:00+01:00");
}

TEST(CheckTest, AnswersAsAConsumeWouldAndTakesNothing) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
  const Record before = world.record;
  const Judgement check = world.Check();
  EXPECT_EQ(check.decision.verdict, Verdict::kAllowed);
  EXPECT_FALSE(check.event.has_value());
  EXPECT_THAT(check.decision.remaining, ElementsAre(Remaining{"calls", 1}));
  EXPECT_EQ(check.decision.next_allowed, world.now());
  EXPECT_EQ(check.decision.contact_before, world.now() + kPermitTtlDefault);
  EXPECT_EQ(world.record, before);
}

TEST(CheckTest, IgnoresHoldAndRequestId) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
  Request request = world.Wish();
  world.Consume(request);
  request.hold = {60};
  const Judgement check = Check(world.record, request, world.moment());
  EXPECT_EQ(check.decision.reason, Reason::kLimitReached);
  EXPECT_FALSE(check.event.has_value());
}

TEST(NextAllowedOptionTest, IsWorkedOutOnlyWhereAsked) {
  World world;
  world.At("2026-03-01T09:00:00Z").Give(YearlyCall());
  const Request request = world.Wish();
  EXPECT_EQ(Decide(world.record, request, world.moment()).decision.next_allowed, std::nullopt);
  world.Consume(request);
  const Request second = world.Wish();
  EXPECT_NE(Decide(world.record, second, world.moment()).decision.next_allowed, std::nullopt);
  EXPECT_EQ(Decide(world.record, second, world.moment(), NextAllowed::kNever).decision.next_allowed,
            std::nullopt);
}

}  // namespace
}  // namespace consent::core
