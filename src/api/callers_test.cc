// SPDX-License-Identifier: Apache-2.0
//
// What one caller may take: by itself, and before the real services.

#include "src/api/callers.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/fault.h"
#include "src/base/retry.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

using Kind = Callers::Kind;

TEST(CallersTest, ACallerHasTheirRateAndNobodyElses) {
  ManualClock clock(0);
  Callers callers({.decisions_per_second = 2000}, clock);
  ASSERT_OK_AND_ASSIGN(Callers::Ticket acme, callers.Enter("company:acme", Kind::kCall));
  ASSERT_OK_AND_ASSIGN(Callers::Ticket beta, callers.Enter("company:beta", Kind::kCall));
  EXPECT_OK(acme.account()->Charge(1000));
  EXPECT_OK(acme.account()->Charge(1000));
  const absl::Status refused = acme.account()->Charge(500);
  EXPECT_EQ(ReasonOf(refused), "RATE_LIMITED");
  EXPECT_EQ(RetryAfterOf(refused), absl::Milliseconds(250)) << "the true wait";
  EXPECT_OK(beta.account()->Charge(2000));
  clock.Advance(249);
  EXPECT_EQ(ReasonOf(acme.account()->Charge(500)), "RATE_LIMITED");
  clock.Advance(1);
  EXPECT_OK(acme.account()->Charge(500));
  EXPECT_EQ(callers.refusals().rate_limited, 2u);
}

TEST(CallersTest, AnotherConnectionIsNoOtherCaller) {
  ManualClock clock(0);
  Callers callers({.decisions_per_second = 1000}, clock);
  { EXPECT_OK(callers.Enter("company:acme", Kind::kCall)->account()->Charge(1000)); }
  EXPECT_EQ(ReasonOf(callers.Enter("company:acme", Kind::kStream)->account()->Charge(1)),
            "RATE_LIMITED");
}

TEST(CallersTest, ACallIsOverWhenItsTicketEnds) {
  ManualClock clock(0);
  Callers callers({.calls_max = 2, .streams_max = 1}, clock);
  auto first = callers.Enter("acme", Kind::kCall);
  auto second = callers.Enter("acme", Kind::kCall);
  EXPECT_OK(second);
  EXPECT_EQ(ReasonOf(callers.Enter("acme", Kind::kCall).status()), "TOO_MANY_CALLS");
  EXPECT_OK(callers.Enter("beta", Kind::kCall));
  auto stream = callers.Enter("acme", Kind::kStream);
  EXPECT_OK(stream) << "streams are counted by themselves";
  EXPECT_EQ(ReasonOf(callers.Enter("acme", Kind::kStream).status()), "TOO_MANY_CALLS");
  first = absl::CancelledError();
  EXPECT_OK(callers.Enter("acme", Kind::kCall));
  EXPECT_EQ(callers.refusals().too_many_calls, 2u);
}

TEST(CallersTest, RemembersSoManyCallersAndForgetsOnlyThoseWhoOweNothing) {
  ManualClock clock(0);
  Callers callers({.decisions_per_second = 1000}, clock);
  EXPECT_OK(callers.Enter("debtor", Kind::kCall)->account()->Charge(1'000'000));
  for (size_t i = 0; i < 3 * Callers::kAccountsMax; ++i) {
    clock.Advance(1);
    EXPECT_OK(callers.Enter(absl::StrCat("passer-by ", i), Kind::kCall)->account()->Charge(1));
  }
  EXPECT_EQ(ReasonOf(callers.Enter("debtor", Kind::kCall)->account()->Charge(1)), "RATE_LIMITED");
}

class LimitedServerTest : public testing::Test {
 protected:
  grpc::Status Consume(const std::string& id) {
    grpc::ClientContext context;
    v1::CheckAndConsumeResponse response;
    return server_.contacts->CheckAndConsume(&context, ConsumeRequest(id), &response);
  }
  static v1::BatchCheckAndConsumeRequest BatchOf(int items) {
    v1::BatchCheckAndConsumeRequest request;
    *request.mutable_header() = HeaderForCalls();
    for (int i = 0; i < items; ++i) {
      v1::BatchItem* const item = request.add_items();
      item->set_contact_point("tel:+33639980001");
      item->set_request_id(absl::StrCat("b", i));
    }
    return request;
  }

  TestServer server_{nullptr,
                     nullptr,
                     {.callers = {.decisions_per_second = 1000, .calls_max = 3, .streams_max = 2}}};
};

TEST_F(LimitedServerTest, ABatchCostsAsManyAsItHolds) {
  grpc::ClientContext first, second;
  v1::BatchCheckAndConsumeResponse response;
  EXPECT_TRUE(server_.contacts->BatchCheckAndConsume(&first, BatchOf(999), &response).ok());
  EXPECT_TRUE(Consume("r1").ok());
  EXPECT_TRUE(FailsWith(Consume("r2"), grpc::StatusCode::RESOURCE_EXHAUSTED, "RATE_LIMITED"));
  const grpc::Status refused =
      server_.contacts->BatchCheckAndConsume(&second, BatchOf(500), &response);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(refused.error_details()));
  google::rpc::RetryInfo retry;
  for (const auto& detail : details.details()) detail.UnpackTo(&retry);
  EXPECT_EQ(retry.retry_delay().seconds(), 0);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000) << "the true wait";
  server_.clock.Advance(1);
  EXPECT_TRUE(Consume("r2").ok());
}

TEST_F(LimitedServerTest, AMessageTooManyIsAnsweredWithAnErrorAndTheStreamGoesOn) {
  grpc::ClientContext context;
  const auto stream = server_.contacts->StreamCheckAndConsume(&context);
  v1::StreamCheckAndConsumeRequest request;
  v1::StreamCheckAndConsumeResponse response;
  *request.mutable_header() = HeaderForCalls();
  *request.mutable_items() = BatchOf(600).items();
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_FALSE(response.has_error());
  response.Clear();
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_TRUE(FailsWith(response.error(), grpc::StatusCode::RESOURCE_EXHAUSTED, "RATE_LIMITED"));
  EXPECT_TRUE(HasRetryInfo(response.error()));
  server_.clock.Advance(200);
  response.Clear();
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_FALSE(response.has_error()) << response.error().message();
  EXPECT_EQ(response.results_size(), 600);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(LimitedServerTest, OneStreamTooManyIsRefusedUntilAnotherHasEnded) {
  using Stream =
      grpc::ClientReaderWriter<v1::StreamCheckAndConsumeRequest, v1::StreamCheckAndConsumeResponse>;
  v1::StreamCheckAndConsumeRequest request;
  v1::StreamCheckAndConsumeResponse response;
  *request.mutable_header() = HeaderForCalls();
  *request.mutable_items() = BatchOf(1).items();
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  const auto open = [&]() -> std::unique_ptr<Stream> {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    return server_.contacts->StreamCheckAndConsume(contexts.back().get());
  };
  const auto first = open(), second = open();
  ASSERT_TRUE(first->Write(request) && first->Read(&response));
  ASSERT_TRUE(second->Write(request) && second->Read(&response));
  const auto third = open();
  EXPECT_FALSE(third->Read(&response));
  EXPECT_TRUE(FailsWith(third->Finish(), grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_CALLS"));
  first->WritesDone();
  EXPECT_TRUE(first->Finish().ok());
  // The server has done with the call a moment after the client has its status.
  bool opened = false;
  for (int i = 0; i < 200 && !opened; ++i) {
    const auto again = open();
    opened = again->Write(request) && again->Read(&response);
    contexts.back()->TryCancel();
    again->Finish();
    if (!opened) absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_TRUE(opened);
  contexts[1]->TryCancel();
  second->Finish();
}

TEST_F(LimitedServerTest, CallsThatEndedAreNotUnderWay) {
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(Consume(absl::StrCat("r", i)).ok()) << i;
  EXPECT_EQ(server_.server->refusals().too_many_calls, 0u);
}

}  // namespace
}  // namespace consent::api
