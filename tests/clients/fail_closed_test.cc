// SPDX-License-Identifier: Apache-2.0
//
// No answer means no contact: a ledger that was killed, that hangs, that was never there; and that
// repeating finds the way back without taking a second unit.

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "consent/client.h"
#include "gtest/gtest.h"
#include "tests/clients/running_ledger.h"

namespace consent {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Request Call(const std::string& contact_point, const std::string& request_id) {
  return {.contact_point = contact_point,
          .company = "acme",
          .channel = Channel::kCall,
          .purpose = Purpose::kDirectMarketing,
          .request_id = request_id};
}

// Runs something a little later, beside the test.
class Later {
 public:
  template <class Action>
  Later(milliseconds pause, Action action)
      : thread_([pause, action] {
          std::this_thread::sleep_for(pause);
          action();
        }) {}
  ~Later() { thread_.join(); }

 private:
  std::thread thread_;
};

class FailClosedTest : public ::testing::Test {
 protected:
  FailClosedTest() { ledger_.Grant(kNumber, {"calls:CALL:2/YEAR"}); }

  // Exactly one unit of the two was taken by `first`.
  void ExpectOneTaken(const Client& client) {
    const Answer second = client.CheckAndConsume(Call(kNumber, "second"));
    EXPECT_TRUE(second.may_contact()) << second.Summary();
    const Answer third = client.CheckAndConsume(Call(kNumber, "third"));
    EXPECT_EQ(third.decision().reason, Reason::kLimitReached) << third.Summary();
  }

  static constexpr char kNumber[] = "+33639980200";
  tests::RunningLedger ledger_;
};

TEST_F(FailClosedTest, AKilledLedgerLetsNobodyContactAndTheSameIdIsGoodLater) {
  const Client client = Client::Connect({.address = ledger_.address()});
  const Answer before = client.CheckAndConsume(Call(kNumber, "first"));
  ASSERT_TRUE(before.may_contact()) << before.Summary();
  ledger_.Kill();

  const auto began = steady_clock::now();
  const Answer lost = client.CheckAndConsume(Call(kNumber, "second"));
  EXPECT_LT(steady_clock::now() - began, milliseconds{3000});
  EXPECT_FALSE(lost.may_contact());
  EXPECT_EQ(lost.error().code, ErrorCode::kUnavailable) << lost.Summary();
  EXPECT_FALSE(client.Check(Call(kNumber, "")).may_contact());
  EXPECT_FALSE(client.ReportOutcome("acme", before.decision().permit_id, Outcome::kConnected).done);
  for (const Answer& answer : client.CheckAndConsumeBatch(
           {.company = "acme", .channel = Channel::kCall, .purpose = Purpose::kDirectMarketing},
           {{kNumber, "b1"}, {kNumber, "b2"}})) {
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
    EXPECT_FALSE(answer.may_contact());
  }
  // What was allowed in time stays so: the ledger promised it durably.
  EXPECT_TRUE(before.may_contact());

  ledger_.Start();
  const Client patient = Client::Connect({.address = ledger_.address(), .deadline_ms = 10'000});
  EXPECT_TRUE(patient.CheckAndConsume(Call(kNumber, "first")).decision().repeated);
  ExpectOneTaken(patient);
  EXPECT_TRUE(patient.ReportOutcome("acme", before.decision().permit_id, Outcome::kConnected).done);
}

TEST_F(FailClosedTest, ALedgerThatDoesNotAnswerInTimeLetsNobodyContact) {
  const Client client =
      Client::Connect({.address = ledger_.address(), .deadline_ms = 600, .retries_max = 1});
  ASSERT_EQ(client.Check(Call(kNumber, "")).decision().verdict, Verdict::kAllowed);
  ledger_.Freeze();
  const auto began = steady_clock::now();
  const Answer answer = client.CheckAndConsume(Call(kNumber, "first"));
  const auto took = steady_clock::now() - began;
  ledger_.Thaw();
  EXPECT_FALSE(answer.may_contact());
  EXPECT_EQ(answer.error().code, ErrorCode::kDeadlineExceeded) << answer.Summary();
  EXPECT_GE(took, milliseconds{550});
  EXPECT_LT(took, milliseconds{2000});

  const Client patient = Client::Connect({.address = ledger_.address(), .deadline_ms = 10'000});
  EXPECT_TRUE(patient.CheckAndConsume(Call(kNumber, "first")).may_contact());
  ExpectOneTaken(patient);
}

TEST_F(FailClosedTest, ALostAnswerIsAskedForAgainAndTakesOneUnit) {
  const Client client =
      Client::Connect({.address = ledger_.address(), .deadline_ms = 8000, .retries_max = 5});
  ASSERT_EQ(client.Check(Call(kNumber, "")).decision().verdict, Verdict::kAllowed);
  ledger_.Freeze();
  // The first attempt gives up after four seconds of silence; a later one is answered.
  const Later thaw(milliseconds{4500}, [this] { ledger_.Thaw(); });
  const Answer answer = client.CheckAndConsume(Call(kNumber, "first"));
  EXPECT_TRUE(answer.may_contact()) << answer.Summary();
  ExpectOneTaken(client);
}

TEST_F(FailClosedTest, ARestartWithinTheDeadlineIsBridged) {
  const Client client =
      Client::Connect({.address = ledger_.address(), .deadline_ms = 30'000, .retries_max = 100});
  ASSERT_EQ(client.Check(Call(kNumber, "")).decision().verdict, Verdict::kAllowed);
  ledger_.Kill();
  const Later restart(milliseconds{500}, [this] { ledger_.Start(); });
  const auto began = steady_clock::now();
  const Answer answer = client.CheckAndConsume(Call(kNumber, "first"));
  EXPECT_TRUE(answer.may_contact()) << answer.Summary();
  // Soon after it is back, not when gRPC thinks of looking up the address again.
  EXPECT_LT(steady_clock::now() - began, milliseconds{5000});
  ExpectOneTaken(client);
}

TEST_F(FailClosedTest, WithoutRetriesOneAttemptIsMade) {
  const Client client = Client::Connect({.address = ledger_.address(), .retries_max = 0});
  const std::string permit = client.CheckAndConsume(Call(kNumber, "first")).decision().permit_id;
  ledger_.Kill();
  EXPECT_EQ(client.ReportOutcome("acme", permit, Outcome::kConnected).attempts, 1);
}

TEST(NoLedgerTest, AddressesThatLeadNowhereLetNobodyContact) {
  for (const char* const address : {"127.0.0.1:1", "no such place", "dns:///", "://",
                                    "unix:/nowhere/at/all", "999.1.1.1:99999", "\xff\xfe"}) {
    const Client client = Client::Connect({.address = address, .deadline_ms = 500});
    const auto began = steady_clock::now();
    const Answer answer = client.CheckAndConsume(Call("+33639980200", "id"));
    EXPECT_LT(steady_clock::now() - began, milliseconds{1500}) << address;
    EXPECT_FALSE(answer.may_contact()) << address;
    EXPECT_TRUE(answer.is_error()) << address;
    EXPECT_FALSE(client.ReleasePermit("acme", "permit").done) << address;
  }
}

TEST(NoLedgerTest, OptionsOutOfTheirRangeAreNamedInEveryAnswer) {
  const auto message_of = [](ClientOptions options) {
    const Answer answer =
        Client::Connect(std::move(options)).CheckAndConsume(Call("+33639980200", "id"));
    EXPECT_FALSE(answer.may_contact());
    EXPECT_EQ(answer.error().code, ErrorCode::kInvalidArgument);
    return answer.error().message;
  };
  EXPECT_EQ(message_of({}), "address: expected HOST:PORT, found nothing");
  EXPECT_EQ(message_of({.address = "127.0.0.1:1", .deadline_ms = 0}),
            "deadline_ms: expected 1 to 60000, found 0");
  EXPECT_EQ(message_of({.address = "127.0.0.1:1", .retries_max = 101}),
            "retries_max: expected 0 to 100, found 101");
}

TEST(NoLedgerTest, AClientThatWasMovedFromAnswersWithAnError) {
  Client client = Client::Connect({.address = "127.0.0.1:1", .deadline_ms = 100});
  const Client other = std::move(client);
  // NOLINTNEXTLINE(bugprone-use-after-move): that is the question.
  const Answer answer = client.CheckAndConsume(Call("+33639980200", "id"));
  EXPECT_FALSE(answer.may_contact());
  EXPECT_EQ(answer.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_FALSE(other.CheckAndConsume(Call("+33639980200", "id")).may_contact());
}

}  // namespace
}  // namespace consent
