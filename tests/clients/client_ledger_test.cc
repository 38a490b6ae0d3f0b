// SPDX-License-Identifier: Apache-2.0
//
// The C++ client against a real ledger: what a dialer sees when all goes well.

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "consent/client.h"
#include "gtest/gtest.h"
#include "tests/clients/running_ledger.h"

namespace consent {
namespace {

using std::chrono::seconds;

constexpr char kStranger[] = "+33639980099";

Request Call(const std::string& contact_point, const std::string& request_id) {
  return {.contact_point = contact_point,
          .company = "acme",
          .channel = Channel::kCall,
          .purpose = Purpose::kDirectMarketing,
          .request_id = request_id};
}

class ClientLedgerTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { ledger_ = std::make_unique<tests::RunningLedger>(); }
  static void TearDownTestSuite() { ledger_.reset(); }

  // A consumer who grants one call a year, of the numbers reserved for fiction.
  static std::string NewConsumer(const std::string& limit = "calls:CALL:1/YEAR") {
    static int count = 0;
    const std::string number = "+336399801" + std::to_string(10 + count++);
    ledger_->Grant(number, {limit});
    return number;
  }

  static inline std::unique_ptr<tests::RunningLedger> ledger_;
  const Client client_ = Client::Connect({.address = ledger_->address(), .deadline_ms = 10'000});
};

TEST_F(ClientLedgerTest, ConsentLetsContactOnceAndNoMore) {
  const std::string number = NewConsumer();
  const Answer first = client_.CheckAndConsume(Call(number, "first"));
  EXPECT_TRUE(first.may_contact()) << first.Summary();
  EXPECT_GT(first.time_left(), seconds{280});
  EXPECT_LT(first.time_left(), seconds{300});
  EXPECT_EQ(first.decision().basis, Basis::kConsent);
  EXPECT_EQ(first.decision().subject.size(), 32u);
  ASSERT_EQ(first.decision().remaining.size(), 1u);
  EXPECT_EQ(first.decision().remaining[0].limit, "calls");
  EXPECT_EQ(first.decision().remaining[0].count, 0);

  const Answer second = client_.CheckAndConsume(Call(number, "second"));
  EXPECT_FALSE(second.may_contact());
  EXPECT_FALSE(second.is_error());
  EXPECT_EQ(second.decision().reason, Reason::kLimitReached);
  EXPECT_EQ(second.decision().limit, "calls");
  ASSERT_TRUE(second.decision().next_allowed_time.has_value());
  EXPECT_GT(*second.decision().next_allowed_time, second.decision().decided_at);
}

TEST_F(ClientLedgerTest, AStrangerMayNotContact) {
  const Answer answer = client_.CheckAndConsume(Call(kStranger, NewRequestId()));
  EXPECT_FALSE(answer.may_contact());
  EXPECT_EQ(answer.decision().reason, Reason::kNoPermission);
}

TEST_F(ClientLedgerTest, TheSameRequestIdFromManyThreadsTakesOneUnit) {
  const std::string number = NewConsumer("calls:CALL:2/YEAR");
  std::vector<Answer> answers(32);
  std::vector<std::thread> threads;
  for (Answer& answer : answers) {
    threads.emplace_back([&] { answer = client_.CheckAndConsume(Call(number, "one")); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> permits;
  for (const Answer& answer : answers) {
    EXPECT_TRUE(answer.may_contact()) << answer.Summary();
    permits.insert(answer.decision().permit_id);
  }
  EXPECT_EQ(permits.size(), 1u);
  const Answer other = client_.CheckAndConsume(Call(number, "other"));
  ASSERT_TRUE(other.may_contact()) << other.Summary();
  EXPECT_EQ(other.decision().remaining[0].count, 0);
}

TEST_F(ClientLedgerTest, ManyThreadsNeverPassTheLimit) {
  const std::string number = NewConsumer("calls:CALL:5/YEAR");
  std::vector<Answer> answers(32);
  std::vector<std::thread> threads;
  for (Answer& answer : answers) {
    threads.emplace_back([&] { answer = client_.CheckAndConsume(Call(number, NewRequestId())); });
  }
  for (std::thread& thread : threads) thread.join();
  int allowed = 0;
  for (const Answer& answer : answers) {
    EXPECT_FALSE(answer.is_error()) << answer.Summary();
    allowed += answer.may_contact();
  }
  EXPECT_EQ(allowed, 5);
}

TEST_F(ClientLedgerTest, ErrorsCarryCodeReasonAndMessage) {
  const std::string number = NewConsumer();
  ASSERT_TRUE(client_.CheckAndConsume(Call(number, "id")).may_contact());
  Request other = Call(number, "id");
  other.permit_ttl = seconds{60};
  const Answer reused = client_.CheckAndConsume(other);
  EXPECT_FALSE(reused.may_contact());
  EXPECT_EQ(reused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(reused.error().reason, "REQUEST_ID_REUSED");
  EXPECT_FALSE(reused.error().message.empty());

  const Answer nameless = client_.CheckAndConsume(Call(number, ""));
  EXPECT_EQ(nameless.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(nameless.error().reason, "INVALID_FIELD");

  const Answer unreadable = client_.CheckAndConsume(Call("\xff\xfe", "id"));
  EXPECT_TRUE(unreadable.is_error());
  EXPECT_FALSE(unreadable.may_contact());

  Request timeless = Call(number, "timeless");
  timeless.permit_ttl = seconds{-5};
  EXPECT_EQ(client_.CheckAndConsume(timeless).error().reason, "INVALID_FIELD");
}

TEST_F(ClientLedgerTest, CheckTakesNothingAndLetsNobodyContact) {
  const std::string number = NewConsumer();
  for (int i = 0; i < 3; ++i) {
    const Answer answer = client_.Check(Call(number, ""));
    EXPECT_EQ(answer.decision().verdict, Verdict::kAllowed) << answer.Summary();
    EXPECT_FALSE(answer.may_contact());
    EXPECT_FALSE(answer.held());
  }
  EXPECT_TRUE(client_.CheckAndConsume(Call(number, "id")).may_contact());
}

TEST_F(ClientLedgerTest, AHeldPermitLetsContactOnceConfirmed) {
  const std::string number = NewConsumer();
  Request request = Call(number, "id");
  request.hold = seconds{600};
  const Answer held = client_.CheckAndConsume(request);
  EXPECT_TRUE(held.held()) << held.Summary();
  EXPECT_FALSE(held.may_contact());

  const Answer confirmed = client_.ConfirmPermit(held);
  EXPECT_TRUE(confirmed.may_contact()) << confirmed.Summary();
  EXPECT_GT(confirmed.time_left(), seconds{280});
  EXPECT_LT(confirmed.time_left(), seconds{301});

  // As after a lost answer: the confirmation is refused, the request itself finds the permit.
  EXPECT_EQ(client_.ConfirmPermit(held).Summary(), "DENIED ALREADY_DONE");
  EXPECT_TRUE(client_.CheckAndConsume(request).may_contact());
}

TEST_F(ClientLedgerTest, AnAnswerBringsItsProofsWhereTheyAreWanted) {
  Request request = Call(NewConsumer(), "id");
  const Answer plain = client_.CheckAndConsume(request);
  EXPECT_EQ(plain.receipt(), "");
  EXPECT_EQ(plain.signed_permit(), "");

  request.want_receipt = true;
  request.want_signed_permit = true;
  const Answer proved = client_.CheckAndConsume(request);
  EXPECT_TRUE(proved.may_contact()) << proved.Summary();
  EXPECT_TRUE(proved.receipt().starts_with("c2sp.org/tlog-proof")) << proved.receipt();
  EXPECT_EQ(std::count(proved.signed_permit().begin(), proved.signed_permit().end(), '.'), 2);

  request.contact_point = kStranger;
  const Answer denied = client_.CheckAndConsume(request);
  EXPECT_FALSE(denied.may_contact());
  EXPECT_FALSE(denied.receipt().empty());
  EXPECT_EQ(denied.signed_permit(), "");
}

TEST_F(ClientLedgerTest, AConfirmationBringsTheSignedPermitThatAHeldAnswerHasNot) {
  Request request = Call(NewConsumer(), "id");
  request.hold = seconds{600};
  request.want_receipt = true;
  request.want_signed_permit = true;
  const Answer held = client_.CheckAndConsume(request);
  EXPECT_TRUE(held.held()) << held.Summary();
  EXPECT_EQ(held.signed_permit(), "");
  const Answer confirmed = client_.ConfirmPermit(held, {.want_signed_permit = true});
  EXPECT_TRUE(confirmed.may_contact()) << confirmed.Summary();
  EXPECT_FALSE(confirmed.signed_permit().empty());
  EXPECT_EQ(confirmed.receipt(), held.receipt());
}

TEST_F(ClientLedgerTest, AHeldPermitIsNotConfirmedAfterARevocation) {
  const std::string number = NewConsumer();
  Request request = Call(number, "id");
  request.hold = seconds{600};
  const Answer held = client_.CheckAndConsume(request);
  ledger_->Revoke(number);
  const Answer refused = client_.ConfirmPermit(held);
  EXPECT_FALSE(refused.may_contact());
  EXPECT_EQ(refused.decision().reason, Reason::kRevoked) << refused.Summary();
}

TEST_F(ClientLedgerTest, AReleasedUnitIsThereAgain) {
  const std::string number = NewConsumer();
  Request request = Call(number, "id");
  request.hold = seconds{600};
  const Answer held = client_.CheckAndConsume(request);
  EXPECT_TRUE(client_.ReleasePermit("acme", held.decision().permit_id).done);
  EXPECT_EQ(client_.ConfirmPermit(held).decision().reason, Reason::kAlreadyDone);
  EXPECT_TRUE(client_.CheckAndConsume(Call(number, "next")).may_contact());
}

TEST_F(ClientLedgerTest, OnlyAHeldAnswerIsConfirmed) {
  EXPECT_EQ(client_.ConfirmPermit(Answer()).error().code, ErrorCode::kFailedPrecondition);
  const Answer running = client_.CheckAndConsume(Call(NewConsumer(), "id"));
  EXPECT_EQ(client_.ConfirmPermit(running).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(ClientLedgerTest, TheFirstOutcomeStandsAndUsesThePermitUp) {
  const std::string number = NewConsumer();
  const Request request = Call(number, "id");
  const std::string permit = client_.CheckAndConsume(request).decision().permit_id;
  const PermitAnswer first = client_.ReportOutcome("acme", permit, Outcome::kConnected);
  EXPECT_TRUE(first.done) << first.error.message;
  EXPECT_TRUE(first.entry.has_value());
  EXPECT_EQ(first.attempts, 1);
  const PermitAnswer second = client_.ReportOutcome("acme", permit, Outcome::kBusy);
  EXPECT_FALSE(second.done);
  EXPECT_EQ(second.reason, Reason::kAlreadyDone);
  EXPECT_EQ(client_.CheckAndConsume(request).Summary(), "DENIED PERMIT_USED");
  EXPECT_EQ(client_.ReportOutcome("acme", "nonsense", Outcome::kBusy).reason,
            Reason::kNoSuchPermit);
  EXPECT_EQ(client_.ReportOutcome("acme", permit, Outcome::kUnspecified).error.reason,
            "INVALID_FIELD");
}

TEST_F(ClientLedgerTest, ABatchIsAnsweredItemByItemInItsOrder) {
  const std::string number = NewConsumer();
  const std::vector<Answer> answers = client_.CheckAndConsumeBatch(
      {.company = "acme", .channel = Channel::kCall, .purpose = Purpose::kDirectMarketing},
      {{kStranger, "1"}, {number, "2"}, {number, "2"}, {"not a number", "3"}, {number, "4"}});
  ASSERT_EQ(answers.size(), 5u);
  EXPECT_EQ(answers[0].decision().reason, Reason::kNoPermission);
  EXPECT_TRUE(answers[1].may_contact()) << answers[1].Summary();
  EXPECT_TRUE(answers[2].may_contact());
  EXPECT_TRUE(answers[2].decision().repeated);
  EXPECT_EQ(answers[3].error().reason, "INVALID_CONTACT_POINT");
  EXPECT_EQ(answers[4].decision().reason, Reason::kLimitReached);
}

TEST_F(ClientLedgerTest, ABatchThatCannotBeSentIsAnsweredWithItsError) {
  const BatchHeader header{
      .company = "acme", .channel = Channel::kCall, .purpose = Purpose::kDirectMarketing};
  EXPECT_TRUE(client_.CheckAndConsumeBatch(header, {}).empty());
  const std::vector<BatchItem> many(kBatchItemsMax + 1, {kStranger, "1"});
  const std::vector<Answer> refused = client_.CheckAndConsumeBatch(header, many);
  ASSERT_EQ(refused.size(), many.size());
  EXPECT_EQ(refused.back().error().code, ErrorCode::kInvalidArgument);
  const std::vector<Answer> nobody = client_.CheckAndConsumeBatch({}, {{kStranger, "1"}});
  ASSERT_EQ(nobody.size(), 1u);
  EXPECT_EQ(nobody[0].error().reason, "INVALID_FIELD");
}

TEST_F(ClientLedgerTest, TheRightToContactEndsBeforeContactBefore) {
  Request request = Call(NewConsumer(), "id");
  request.permit_ttl = seconds{3};
  const Answer answer = client_.CheckAndConsume(request);
  EXPECT_TRUE(answer.may_contact()) << answer.Summary();
  EXPECT_LE(answer.time_left(), seconds{2});
  std::this_thread::sleep_for(answer.time_left() + std::chrono::milliseconds{2});
  EXPECT_FALSE(answer.may_contact());
  EXPECT_EQ(answer.Summary(), "ALLOWED, but its time is over");
  // The ledger still says yes for at most a second, then no.
  std::this_thread::sleep_for(seconds{1});
  EXPECT_EQ(client_.CheckAndConsume(request).Summary(), "DENIED PERMIT_EXPIRED");
}

}  // namespace
}  // namespace consent
