// SPDX-License-Identifier: Apache-2.0
//
// A dialer and a ledger that is overloaded, breaks off, or stays silent.

#include "src/consentctl/campaign.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"

namespace consent::ctl {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

using Request = v1::StreamCheckAndConsumeRequest;
using Response = v1::StreamCheckAndConsumeResponse;

google::rpc::Status Error(int code, const std::string& reason) {
  google::rpc::Status status;
  status.set_code(code);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  status.add_details()->PackFrom(info);
  return status;
}

void Allow(v1::BatchResult& result) {
  result.mutable_decision()->set_verdict(v1::VERDICT_ALLOWED);
  result.mutable_decision()->set_reason(v1::REASON_OK);
}

// Allows everything, unless the test says otherwise.
class FakeLedger final : public v1::ContactService::Service {
 public:
  FakeLedger() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeLedger() override { server_->Shutdown(std::chrono::system_clock::now()); }

  grpc::Status StreamCheckAndConsume(grpc::ServerContext*,
                                     grpc::ServerReaderWriter<Response, Request>* stream) override {
    {
      std::lock_guard lock(mutex_);
      ++streams_;
    }
    Request request;
    while (stream->Read(&request)) {
      Response response;
      {
        std::lock_guard lock(mutex_);
        ++messages_;
        for (const v1::BatchItem& item : request.items()) {
          ++asked_[item.request_id()];
          Allow(*response.add_results());
        }
        if (answer_) {
          if (const grpc::Status status = answer_(request, response); !status.ok()) return status;
        }
      }
      stream->Write(response);
    }
    return grpc::Status::OK;
  }

  // Changes an answer, or ends the stream.
  std::function<grpc::Status(const Request&, Response&)> answer_;
  std::mutex mutex_;
  int streams_ = 0;
  int messages_ = 0;
  std::map<std::string, int> asked_;  // How often each request id was heard.
  int port_ = 0;

 private:
  std::unique_ptr<grpc::Server> server_;
};

class CampaignTest : public ::testing::Test {
 protected:
  CampaignTest() {
    session_.server = "127.0.0.1:" + std::to_string(ledger_.port_);
    options_.id_prefix = "north";
    options_.batch = 2;
    options_.first_wait = absl::Milliseconds(1);
    for (int i = 0; i < 9; ++i) contacts_.push_back("+3363998000" + std::to_string(i));
  }

  absl::StatusOr<CampaignTotals> Run() {
    ASSIGN_OR_RETURN(const Connection connection, Connection::To(session_));
    Campaign campaign(connection, options_, contacts_);
    RETURN_IF_ERROR(campaign.Run([](uint64_t) {}));
    return campaign.totals();
  }

  std::ostringstream out_;
  Session session_{out_, out_};
  FakeLedger ledger_;
  CampaignOptions options_;
  std::vector<std::string> contacts_;
};

TEST_F(CampaignTest, AsksOnceAboutEveryLine) {
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.asked, 9u);
  EXPECT_EQ(totals.allowed, 9u);
  EXPECT_EQ(totals.permits.size(), 9u);
  EXPECT_EQ(totals.retries, 0u);
  EXPECT_THAT(ledger_.asked_, SizeIs(9));
  EXPECT_THAT(ledger_.asked_, Each(Pair(::testing::StartsWith("north-"), 1)));
  EXPECT_EQ(ledger_.messages_, 5);
  EXPECT_EQ(ledger_.streams_, 1);
}

TEST_F(CampaignTest, CountsDenialsByReasonAndErrorsApart) {
  ledger_.answer_ = [](const Request& request, Response& response) {
    if (request.items(0).request_id() == "north-1") {
      response.mutable_results(0)->mutable_decision()->set_verdict(v1::VERDICT_DENIED);
      response.mutable_results(0)->mutable_decision()->set_reason(v1::REASON_BLOCKED);
      *response.mutable_results(1)->mutable_error() = Error(3, "INVALID_CONTACT_POINT");
    }
    return grpc::Status::OK;
  };
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.asked, 9u);
  EXPECT_EQ(totals.allowed, 7u);
  EXPECT_THAT(totals.denied_by_reason, ElementsAre(Pair("BLOCKED", 1)));
  EXPECT_THAT(totals.errors_by_reason, ElementsAre(Pair("INVALID_CONTACT_POINT", 1)));
  EXPECT_EQ(totals.retries, 0u);
}

TEST_F(CampaignTest, AsksAgainWithTheSameIdWhatWasTooMuch) {
  ledger_.answer_ = [this](const Request&, Response& response) {
    if (ledger_.messages_ == 2) {
      response.clear_results();
      *response.mutable_error() = Error(8, "OVERLOADED");
    } else if (ledger_.messages_ == 4) {
      *response.mutable_results(0)->mutable_error() = Error(14, "STORE_UNAVAILABLE");
    }
    return grpc::Status::OK;
  };
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.allowed, 9u);
  EXPECT_EQ(totals.errors, 0u);
  EXPECT_EQ(totals.retries, 3u);
  EXPECT_THAT(ledger_.asked_, SizeIs(9));
}

TEST_F(CampaignTest, KeepsToThePaceThatTheLedgerSets) {
  constexpr absl::Duration kPause = absl::Milliseconds(20);
  std::vector<absl::Time> refused;
  ledger_.answer_ = [&](const Request&, Response& response) {
    if (ledger_.messages_ % 3 == 0) return grpc::Status::OK;
    response.clear_results();
    *response.mutable_error() = Error(8, "RATE_LIMITED");
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(static_cast<int>(kPause / absl::Nanoseconds(1)));
    response.mutable_error()->add_details()->PackFrom(retry);
    refused.push_back(absl::Now());
    return grpc::Status::OK;
  };
  options_.batch = 9;
  options_.in_flight = 1;
  for (int i = 0; i < 90; ++i) contacts_.push_back("+336399801" + std::to_string(10 + i));
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.allowed, 99u);
  EXPECT_EQ(totals.errors, 0u);
  ASSERT_EQ(refused.size(), 22u);
  for (size_t i = 1; i < refused.size(); ++i) EXPECT_GE(refused[i] - refused[i - 1], kPause);
}

TEST_F(CampaignTest, WhoIsToldToWaitAgainAndAgainIsAskedAboutInTheEnd) {
  int refused = 0;
  ledger_.answer_ = [&](const Request& request, Response& response) {
    if (request.items(0).request_id() != "north-1" || refused == Campaign::kTries + 2) {
      return grpc::Status::OK;
    }
    ++refused;
    response.clear_results();
    *response.mutable_error() = Error(8, "RATE_LIMITED");
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(1);
    response.mutable_error()->add_details()->PackFrom(retry);
    return grpc::Status::OK;
  };
  options_.in_flight = 2;  // So that each stream brings answers about others.
  for (int i = 0; i < 90; ++i) contacts_.push_back("+336399801" + std::to_string(10 + i));
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(refused, Campaign::kTries + 2);
  EXPECT_EQ(totals.allowed, 99u);
  EXPECT_EQ(totals.errors, 0u);
}

TEST_F(CampaignTest, ALedgerThatSaysWaitForEverLeavesErrorsBehind) {
  ledger_.answer_ = [](const Request&, Response& response) {
    response.clear_results();
    *response.mutable_error() = Error(8, "RATE_LIMITED");
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_nanos(1);
    response.mutable_error()->add_details()->PackFrom(retry);
    return grpc::Status::OK;
  };
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.allowed, 0u);
  EXPECT_THAT(totals.errors_by_reason, ElementsAre(Pair("RATE_LIMITED", 9)));
  EXPECT_EQ(ledger_.streams_, Campaign::kTries);
}

TEST_F(CampaignTest, GoesOnAfterTheStreamBroke) {
  ledger_.answer_ = [this](const Request&, Response&) {
    return ledger_.messages_ == 2 || ledger_.messages_ == 5
               ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "restarting")
               : grpc::Status::OK;
  };
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.asked, 9u);
  EXPECT_EQ(totals.allowed, 9u);
  EXPECT_THAT(ledger_.asked_, SizeIs(9));
  EXPECT_GT(ledger_.streams_, 1);
}

TEST_F(CampaignTest, WhatIsNeverAnsweredIsNoContact) {
  ledger_.answer_ = [](const Request& request, Response& response) {
    for (int i = 0; i < request.items_size(); ++i) {
      if (request.items(i).request_id() != "north-4") continue;
      *response.mutable_results(i)->mutable_error() = Error(8, "OVERLOADED");
    }
    return grpc::Status::OK;
  };
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.asked, 9u);
  EXPECT_EQ(totals.allowed, 8u);
  EXPECT_EQ(totals.permits.size(), 8u);
  EXPECT_THAT(totals.errors_by_reason, ElementsAre(Pair("OVERLOADED", 1)));
  EXPECT_EQ(ledger_.asked_["north-4"], Campaign::kTries);
}

TEST_F(CampaignTest, AMissingAnswerIsNoContact) {
  ledger_.answer_ = [](const Request&, Response& response) {
    response.mutable_results()->RemoveLast();
    return grpc::Status::OK;
  };
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.allowed, 4u);
  EXPECT_EQ(totals.errors, 5u);
}

TEST_F(CampaignTest, AHeaderThatIsRefusedEndsItAtOnce) {
  ledger_.answer_ = [](const Request&, Response& response) {
    response.clear_results();
    *response.mutable_error() = Error(5, "UNKNOWN_COMPANY");
    return grpc::Status::OK;
  };
  const auto totals = Run();
  EXPECT_THAT(totals, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(ReasonOf(totals.status()), "UNKNOWN_COMPANY");
}

TEST_F(CampaignTest, ALedgerThatFallsSilentForGoodLeavesErrorsBehind) {
  ledger_.answer_ = [this](const Request&, Response&) {
    return ledger_.messages_ > 2 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")
                                 : grpc::Status::OK;
  };
  options_.in_flight = 1;
  ASSERT_OK_AND_ASSIGN(const CampaignTotals totals, Run());
  EXPECT_EQ(totals.asked, 9u);
  EXPECT_EQ(totals.allowed, 4u);
  EXPECT_EQ(totals.errors, 5u);
  EXPECT_LE(ledger_.streams_, 1 + Campaign::kTries);
}

TEST_F(CampaignTest, SilenceHasADeadline) {
  session_.timeout = "1s";
  ledger_.answer_ = [](const Request&, Response&) {
    absl::SleepFor(absl::Seconds(3));
    return grpc::Status::OK;
  };
  EXPECT_THAT(Run(), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(CampaignTest, NobodyThereIsSaidAtOnce) {
  session_.server = "127.0.0.1:1";
  EXPECT_THAT(Run(), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace consent::ctl
