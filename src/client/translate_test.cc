// SPDX-License-Identifier: Apache-2.0

#include "src/client/translate.h"

#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "src/client/answer_parts.h"

namespace consent::client {
namespace {

v1::Decision AllowedDecision() {
  v1::Decision decision;
  decision.set_verdict(v1::VERDICT_ALLOWED);
  decision.set_reason(v1::REASON_OK);
  decision.set_permit_id("permit");
  decision.mutable_decided_at()->set_seconds(1'900'000'000);
  decision.mutable_contact_before()->set_seconds(1'900'000'300);
  return decision;
}

Answer Read(const v1::Decision& decision) { return FromWire(decision, "acme", UptimeNow()); }

Answer HeldAnswer() {
  v1::Decision held = AllowedDecision();
  held.clear_contact_before();
  return Read(held);
}

v1::ConfirmPermitResponse Confirmed() {
  v1::ConfirmPermitResponse response;
  v1::PermitAnswer& answer = *response.mutable_answer();
  answer.set_done(true);
  answer.mutable_answered_at()->set_seconds(1'900'000'000);
  answer.mutable_contact_before()->set_seconds(1'900'000'300);
  return response;
}

TEST(TranslateTest, AnAllowedDecisionLetsContact) {
  EXPECT_TRUE(Read(AllowedDecision()).may_contact());
}

TEST(TranslateTest, AMissingDecisionIsAnError) {
  const Answer answer = Read(v1::Decision());
  EXPECT_FALSE(answer.may_contact());
  EXPECT_EQ(answer.error().code, ErrorCode::kInternal);
}

TEST(TranslateTest, AVerdictFromTheFutureIsAnError) {
  v1::Decision decision = AllowedDecision();
  decision.set_verdict(static_cast<v1::Verdict>(3));
  EXPECT_TRUE(Read(decision).is_error());
}

TEST(TranslateTest, AReasonThatContradictsTheVerdictIsAnError) {
  v1::Decision decision = AllowedDecision();
  decision.set_reason(v1::REASON_REVOKED);
  EXPECT_FALSE(Read(decision).may_contact());
  EXPECT_TRUE(Read(decision).is_error());
  decision.set_verdict(v1::VERDICT_DENIED);
  decision.set_reason(v1::REASON_OK);
  EXPECT_TRUE(Read(decision).is_error());
}

TEST(TranslateTest, AReasonFromTheFutureDenies) {
  v1::Decision decision;
  decision.set_verdict(v1::VERDICT_DENIED);
  decision.set_reason(static_cast<v1::Reason>(77));
  const Answer answer = Read(decision);
  EXPECT_FALSE(answer.is_error());
  EXPECT_FALSE(answer.may_contact());
  EXPECT_EQ(answer.Summary(), "DENIED UNKNOWN");
}

TEST(TranslateTest, AnEmptyResultOfABatchIsAnError) {
  EXPECT_TRUE(FromWire(v1::BatchResult(), "acme", UptimeNow()).is_error());
}

TEST(TranslateTest, ErrorsCarryTheLedgersReason) {
  google::rpc::Status status;
  status.set_code(5);
  status.set_message("no such company");
  google::rpc::ErrorInfo info;
  info.set_reason("UNKNOWN_COMPANY");
  status.add_details()->PackFrom(google::rpc::RetryInfo());
  status.add_details()->PackFrom(info);
  const Error error = FromWire(status);
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(error.reason, "UNKNOWN_COMPANY");
  EXPECT_EQ(error.message, "no such company");
}

TEST(TranslateTest, AnErrorWithoutACodeOrWithAnUnknownOneIsUnknown) {
  google::rpc::Status status;
  EXPECT_EQ(FromWire(status).code, ErrorCode::kUnknown);
  status.set_code(99);
  EXPECT_EQ(FromWire(status).code, ErrorCode::kUnknown);
}

TEST(TranslateTest, AConfirmationWithoutATimeIsAnError) {
  v1::ConfirmPermitResponse confirmed = Confirmed();
  EXPECT_TRUE(FromWire(HeldAnswer(), confirmed, UptimeNow()).may_contact());
  confirmed.mutable_answer()->clear_contact_before();
  EXPECT_TRUE(FromWire(HeldAnswer(), confirmed, UptimeNow()).is_error());
  confirmed = Confirmed();
  confirmed.mutable_answer()->clear_answered_at();
  EXPECT_TRUE(FromWire(HeldAnswer(), confirmed, UptimeNow()).is_error());
}

TEST(TranslateTest, ProofsComeWithTheAnswer) {
  v1::CheckAndConsumeResponse response;
  *response.mutable_decision() = AllowedDecision();
  response.set_receipt("receipt");
  response.set_signed_permit("permit");
  const Answer answer = FromWire(response, "acme", UptimeNow());
  EXPECT_EQ(answer.receipt(), "receipt");
  EXPECT_EQ(answer.signed_permit(), "permit");
  response.mutable_decision()->set_verdict(v1::VERDICT_UNSPECIFIED);
  EXPECT_EQ(FromWire(response, "acme", UptimeNow()).signed_permit(), "");
}

TEST(TranslateTest, AConfirmationKeepsTheReceiptAndBringsAPermit) {
  const Answer held = AnswerParts::With(HeldAnswer(), "receipt", "");
  v1::ConfirmPermitResponse confirmed = Confirmed();
  confirmed.set_signed_permit("permit");
  const Answer answer = FromWire(held, confirmed, UptimeNow());
  EXPECT_EQ(answer.receipt(), "receipt");
  EXPECT_EQ(answer.signed_permit(), "permit");
  confirmed.mutable_answer()->set_done(false);
  EXPECT_EQ(FromWire(held, confirmed, UptimeNow()).signed_permit(), "");
}

TEST(TranslateTest, ProofsAreAskedForOnlyWhereTheyAreWanted) {
  EXPECT_FALSE(ToWire(Request{}).want_receipt());
  EXPECT_FALSE(ToWire(Request{}).want_signed_permit());
  EXPECT_TRUE(ToWire(Request{.want_receipt = true}).want_receipt());
  EXPECT_TRUE(ToWire(Request{.want_signed_permit = true}).want_signed_permit());
}

TEST(TranslateTest, TheCallerNumberGoesWithEveryKindOfRequest) {
  EXPECT_EQ(ToWire(Request{.caller_number = "+33199001234"}).caller_number(), "+33199001234");
  EXPECT_EQ(ToCheck(Request{.caller_number = "+33199001234"}).caller_number(), "+33199001234");
  EXPECT_EQ(ToWire(BatchHeader{.caller_number = "+33199001234"}).caller_number(), "+33199001234");
}

TEST(TranslateTest, WhoContactsAndWhatAboutGoesWithEveryKindOfRequest) {
  const auto expect_all = [](const auto& wire) {
    EXPECT_EQ(wire.processor(), "calls");
    EXPECT_EQ(wire.agent(), "agent-7");
    EXPECT_EQ(wire.agent_country(), "MA");
    EXPECT_EQ(wire.contract(), "c1");
    EXPECT_EQ(wire.subject_matter(), v1::SUBJECT_MATTER_HOME_RENOVATION);
  };
  const Request request{.processor = "calls",
                        .agent = "agent-7",
                        .agent_country = "MA",
                        .contract = "c1",
                        .subject_matter = SubjectMatter::kHomeRenovation};
  expect_all(ToWire(request));
  expect_all(ToCheck(request));
  expect_all(ToWire(BatchHeader{.processor = "calls",
                                .agent = "agent-7",
                                .agent_country = "MA",
                                .contract = "c1",
                                .subject_matter = SubjectMatter::kHomeRenovation}));
}

TEST(TranslateTest, DefaultsAreLeftToTheLedger) {
  const v1::CheckAndConsumeRequest wire = ToWire(Request{.company = "acme"});
  EXPECT_FALSE(wire.has_permit_ttl());
  EXPECT_FALSE(wire.has_hold());
  EXPECT_EQ(ToWire(Request{.hold = std::chrono::seconds{60}}).hold().seconds(), 60);
  EXPECT_EQ(ToWire(Request{.permit_ttl = std::chrono::seconds{-1}}).permit_ttl().seconds(), -1);
}

}  // namespace
}  // namespace consent::client
