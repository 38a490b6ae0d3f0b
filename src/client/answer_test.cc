// SPDX-License-Identifier: Apache-2.0
//
// When an answer lets somebody contact, and when not.

#include "consent/answer.h"

#include <limits>
#include <string>

#include "consent/client.h"
#include "gtest/gtest.h"
#include "src/client/answer_parts.h"

namespace consent {
namespace {

using client::Uptime;
using client::UptimeNow;
using std::chrono::hours;
using std::chrono::seconds;

constexpr LedgerTime kNoon{seconds{1'900'000'000}};
constexpr Uptime kAsked = hours{5};

Decision Allowed(seconds span) {
  Decision decision;
  decision.verdict = Verdict::kAllowed;
  decision.reason = Reason::kOk;
  decision.permit_id = "permit";
  decision.decided_at = kNoon;
  decision.contact_before = kNoon + span;
  return decision;
}

Decision Held() {
  Decision decision = Allowed(seconds{300});
  decision.contact_before.reset();
  return decision;
}

// What is left `later` after the request was sent.
Uptime LeftAfter(const Decision& decision, Uptime later) {
  return AnswerParts::TimeLeft(AnswerParts::OfDecision(decision, "acme", kAsked), kAsked + later);
}

TEST(AnswerTest, ADefaultAnswerIsAnErrorAndNoContact) {
  const Answer answer;
  EXPECT_TRUE(answer.is_error());
  EXPECT_FALSE(answer.may_contact());
  EXPECT_FALSE(answer.held());
  EXPECT_EQ(answer.time_left().count(), 0);
}

TEST(AnswerTest, AnErrorWithoutACodeIsStillAnError) {
  EXPECT_TRUE(AnswerParts::OfError({}).is_error());
}

TEST(AnswerTest, AnAllowedAnswerLetsContactNow) {
  const Answer answer = AnswerParts::OfDecision(Allowed(seconds{300}), "acme", UptimeNow());
  EXPECT_TRUE(answer.may_contact());
  EXPECT_GT(answer.time_left(), seconds{290});
  EXPECT_FALSE(answer.is_error());
}

TEST(AnswerTest, TheRightEndsWithItsTimeLessTheSecondThatLedgerTimeIsRoundedBy) {
  const Decision decision = Allowed(seconds{300});
  EXPECT_EQ(LeftAfter(decision, seconds{0}), seconds{299});
  EXPECT_EQ(LeftAfter(decision, seconds{299} - Uptime{1}), Uptime{1});
  EXPECT_EQ(LeftAfter(decision, seconds{299}), Uptime{0});
  EXPECT_EQ(LeftAfter(decision, hours{10}), Uptime{0});
}

TEST(AnswerTest, ASecondIsTooShortToContactAnybody) {
  EXPECT_EQ(LeftAfter(Allowed(seconds{1}), Uptime{0}), Uptime{0});
}

TEST(AnswerTest, AClockThatWentBackEndsTheRight) {
  EXPECT_EQ(LeftAfter(Allowed(seconds{300}), -Uptime{1}), Uptime{0});
}

TEST(AnswerTest, ADenialLetsNobodyContactWhateverElseItSays) {
  Decision decision = Allowed(seconds{300});
  decision.verdict = Verdict::kDenied;
  EXPECT_EQ(LeftAfter(decision, Uptime{0}), Uptime{0});
  decision.verdict = Verdict::kUnspecified;
  EXPECT_EQ(LeftAfter(decision, Uptime{0}), Uptime{0});
}

TEST(AnswerTest, AllowedWithoutAPermitLetsNobodyContact) {
  Decision decision = Allowed(seconds{300});
  decision.permit_id.clear();
  EXPECT_EQ(LeftAfter(decision, Uptime{0}), Uptime{0});
}

TEST(AnswerTest, AHeldPermitLetsNobodyContact) {
  const Answer held = AnswerParts::OfDecision(Held(), "acme", UptimeNow());
  EXPECT_TRUE(held.held());
  EXPECT_FALSE(held.may_contact());
  EXPECT_EQ(held.Summary(), "HELD");
}

TEST(AnswerTest, TimesThatMakeNoSenseLetNobodyContact) {
  EXPECT_EQ(LeftAfter(Allowed(seconds{0}), Uptime{0}), Uptime{0});
  EXPECT_EQ(LeftAfter(Allowed(seconds{-300}), Uptime{0}), Uptime{0});
  EXPECT_GT(LeftAfter(Allowed(hours{24}), Uptime{0}), Uptime{0});
  EXPECT_EQ(LeftAfter(Allowed(hours{24} + seconds{1}), Uptime{0}), Uptime{0});

  Decision undated = Allowed(seconds{300});
  undated.decided_at = LedgerTime{};
  undated.contact_before = LedgerTime{seconds{300}};
  EXPECT_EQ(LeftAfter(undated, Uptime{0}), Uptime{0});

  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  Decision extreme = Allowed(seconds{300});
  extreme.contact_before = LedgerTime{seconds{kMax}};
  EXPECT_EQ(LeftAfter(extreme, Uptime{0}), Uptime{0});
  extreme.decided_at = LedgerTime{seconds{-kMax}};
  EXPECT_EQ(LeftAfter(extreme, Uptime{0}), Uptime{0});
}

// What is left `later` after the confirmation of a permit was asked for, at kAsked + 1 h.
Uptime LeftAfterConfirmation(LedgerTime answered_at, LedgerTime contact_before, Uptime later) {
  const Answer held = AnswerParts::OfDecision(Held(), "acme", kAsked);
  const Answer answer = AnswerParts::OfConfirmation(
      held, {.answered_at = answered_at, .contact_before = contact_before}, kAsked + hours{1});
  return AnswerParts::TimeLeft(answer, kAsked + hours{1} + later);
}

TEST(AnswerTest, AConfirmationIsMeasuredFromItsOwnQuestion) {
  // The ledger's clock ran a minute slower than this machine's in the hour between.
  const LedgerTime answered_at = kNoon + hours{1} - seconds{60};
  const LedgerTime before = answered_at + seconds{300};
  EXPECT_EQ(LeftAfterConfirmation(answered_at, before, Uptime{0}), seconds{299});
  EXPECT_EQ(LeftAfterConfirmation(answered_at, before, seconds{299} - Uptime{1}), Uptime{1});
  EXPECT_EQ(LeftAfterConfirmation(answered_at, before, seconds{299}), Uptime{0});
  EXPECT_EQ(LeftAfterConfirmation(answered_at, before, -Uptime{1}), Uptime{0});
}

TEST(AnswerTest, AConfirmationWhoseTimesMakeNoSenseLetsNobodyContact) {
  EXPECT_EQ(LeftAfterConfirmation(kNoon, kNoon, Uptime{0}), Uptime{0});
  EXPECT_EQ(LeftAfterConfirmation(kNoon, kNoon - seconds{1}, Uptime{0}), Uptime{0});
  EXPECT_EQ(LeftAfterConfirmation(kNoon, kNoon + hours{24} + seconds{1}, Uptime{0}), Uptime{0});
  EXPECT_EQ(LeftAfterConfirmation(LedgerTime{}, LedgerTime{seconds{300}}, Uptime{0}), Uptime{0});
}

TEST(AnswerTest, AConfirmationSaysWhereItIsRecorded) {
  const Answer held = AnswerParts::OfDecision(Held(), "acme", kAsked);
  const Answer answer = AnswerParts::OfConfirmation(held,
                                                    {.answered_at = kNoon,
                                                     .contact_before = kNoon + seconds{300},
                                                     .journal_origin = "origin",
                                                     .entry = 7},
                                                    kAsked);
  EXPECT_FALSE(answer.held());
  EXPECT_EQ(answer.decision().journal_origin, "origin");
  EXPECT_EQ(answer.decision().entry, 7);
}

TEST(AnswerTest, AnErrorBringsNeitherReceiptNorPermit) {
  const Answer error = AnswerParts::With(AnswerParts::OfError({}), "receipt", "permit");
  EXPECT_EQ(error.receipt(), "");
  EXPECT_EQ(error.signed_permit(), "");
}

TEST(AnswerTest, ARefusedConfirmationIsADenial) {
  const Answer held = AnswerParts::OfDecision(Held(), "acme", UptimeNow());
  const Answer answer = AnswerParts::OfRefusal(held, Reason::kRevoked, "origin", 7);
  EXPECT_FALSE(answer.may_contact());
  EXPECT_FALSE(answer.held());
  EXPECT_EQ(answer.Summary(), "DENIED REVOKED");
}

TEST(AnswerTest, SummariesSayWhatHappened) {
  EXPECT_EQ(
      AnswerParts::OfError({ErrorCode::kNotFound, "UNKNOWN_COMPANY", "no such company"}).Summary(),
      "ERROR NOT_FOUND UNKNOWN_COMPANY: no such company");
  Decision denied;
  denied.verdict = Verdict::kDenied;
  denied.reason = Reason::kLimitReached;
  denied.limit = "calls";
  denied.next_allowed_time = LedgerTime{seconds{1'798'761'600}};
  EXPECT_EQ(AnswerParts::OfDecision(denied, "acme", kAsked).Summary(),
            "DENIED LIMIT_REACHED calls, next 2027-01-01T00:00:00Z");
  EXPECT_EQ(AnswerParts::OfDecision(Allowed(seconds{1}), "acme", UptimeNow()).Summary(),
            "ALLOWED, but its time is over");
  Decision check = Allowed(seconds{300});
  check.permit_id.clear();
  EXPECT_EQ(AnswerParts::OfDecision(check, "acme", UptimeNow()).Summary(),
            "ALLOWED, nothing taken");
}

TEST(RequestIdTest, IdsAreHexadecimalAndDiffer) {
  const std::string id = NewRequestId();
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(id, NewRequestId());
}

}  // namespace
}  // namespace consent
