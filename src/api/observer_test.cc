// SPDX-License-Identifier: Apache-2.0
//
// What an observer is told of calls, for every method there is.

#include "src/api/observer.h"

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"
#include "src/api/method.h"
#include "src/api/test_matrix.h"
#include "src/api/test_server.h"
#include "src/base/fault.h"

namespace consent::api {
namespace {

constexpr char kTrace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// Nobody, but for those who say "admin".
class Doorman : public Authenticator {
 public:
  absl::StatusOr<Visitor> Identify(const grpc::CallbackServerContext& call) override {
    const auto said = call.client_metadata().find("test-identity");
    if (said == call.client_metadata().end()) {
      return Fault(absl::StatusCode::kUnauthenticated, "NO_CREDENTIALS", "say who you are");
    }
    const auto identity = access::ParseIdentity({said->second.data(), said->second.size()});
    return Visitor{.caller =
                       std::make_shared<const access::Caller>(*access::Caller::Of({*identity}))};
  }
};

class Notes : public Observer {
 public:
  absl::Status MayBegin(int method) override {
    return Methods()[method] == closed
               ? Fault(absl::StatusCode::kUnavailable, "AUDIT_UNAVAILABLE", "not now")
               : absl::OkStatus();
  }
  void Ended(const CallEnd& end) override {
    absl::MutexLock lock(&mutex);
    EXPECT_GE(end.nanos, 0);
    ended.emplace_back(Methods()[end.method], end.status.code(), ReasonOf(end.status));
    callers.push_back(end.caller == nullptr ? "" : access::ToString(end.caller->identities()[0]));
    traces.push_back(TraceIdOf(end.context));
    at_gate.push_back(end.at_gate);
  }
  void Refused(const CallEnd& end) override {
    absl::MutexLock lock(&mutex);
    refused.push_back(ReasonOf(end.status));
  }
  void Answered(int method, int64_t) override {
    absl::MutexLock lock(&mutex);
    answered.push_back(Methods()[method]);
  }
  void Decided(Way way, core::Channel channel, core::Reason reason) override {
    absl::MutexLock lock(&mutex);
    ++decided[{way, channel, reason}];
  }
  void Stated(bool accepted) override {
    absl::MutexLock lock(&mutex);
    ++stated[accepted];
  }
  size_t Count() {
    absl::MutexLock lock(&mutex);
    return ended.size();
  }

  std::string closed;
  absl::Mutex mutex;
  std::vector<std::tuple<std::string, absl::StatusCode, std::string>> ended;
  std::vector<std::string> callers, traces, refused, answered;
  std::vector<bool> at_gate;
  std::map<std::tuple<Way, core::Channel, core::Reason>, int> decided;
  std::map<bool, int> stated;
};

TEST(ObserverTest, IsToldOfEveryCallOnceAndHowItEnded) {
  Notes notes;
  TestServer server(nullptr, &notes);
  for (const std::string& method : AllMethods()) {
    const size_t before = notes.Count();
    const google::rpc::Status status = CallRaw(server.channel, method, "", {});
    ASSERT_EQ(notes.Count(), before + 1) << method;
    const auto& [name, code, reason] = notes.ended.back();
    EXPECT_EQ("/consent.v1." + name, method);
    if (method.find("Stream") == std::string::npos) {
      EXPECT_EQ(static_cast<int>(code), status.code()) << method;
      EXPECT_EQ(reason, ReasonIn(status)) << method;
    }
    EXPECT_FALSE(notes.at_gate.back());
  }
  EXPECT_EQ(AllMethods().size(), Methods().size());
  EXPECT_TRUE(notes.refused.empty());
}

TEST(ObserverTest, IsToldWhomTheGateTurnsAway) {
  Notes notes;
  Doorman doorman;
  TestServer server(&doorman, &notes);
  for (const std::string& method : AllMethods()) {
    CallRaw(server.channel, method, "", {});
    ASSERT_FALSE(notes.ended.empty());
    EXPECT_EQ(std::get<2>(notes.ended.back()), "NO_CREDENTIALS") << method;
    EXPECT_TRUE(notes.at_gate.back());
    EXPECT_EQ(notes.callers.back(), "");
  }
  EXPECT_EQ(notes.refused.size(), AllMethods().size());

  CallRaw(server.channel, "/consent.v1.DirectoryService/PutParty", "",
          {{"test-identity", "company:acme"}});
  EXPECT_EQ(std::get<2>(notes.ended.back()), "NOT_ALLOWED");
  EXPECT_EQ(notes.callers.back(), "company:acme") << "it is known who was refused";
}

TEST(ObserverTest, CountsAMessageThatAStreamMayNotSayAsRefused) {
  Notes notes;
  Doorman doorman;
  TestServer server(&doorman, &notes);
  v1::StreamCheckAndConsumeRequest request;
  *request.mutable_header() = HeaderForCalls();
  request.mutable_header()->set_company("beta");
  CallRaw(server.channel, "/consent.v1.ContactService/StreamCheckAndConsume",
          request.SerializeAsString(), {{"test-identity", "company:acme"}});
  EXPECT_EQ(notes.refused, std::vector<std::string>{"NOT_ALLOWED"});
  EXPECT_EQ(notes.answered.size(), 1);
  EXPECT_TRUE(notes.decided.empty());
}

TEST(ObserverTest, TellsAStreamThatWasCancelledFromOneThatCameToItsEnd) {
  for (const bool cancelled : {false, true}) {
    Notes notes;
    TestServer server(nullptr, &notes);
    const auto contacts = v1::ContactService::NewStub(server.channel);
    grpc::ClientContext context;
    const auto stream = contacts->StreamCheckAndConsume(&context);
    v1::StreamCheckAndConsumeRequest request;
    *request.mutable_header() = HeaderForCalls();
    v1::StreamCheckAndConsumeResponse response;
    ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
    if (cancelled) {
      context.TryCancel();
    } else {
      stream->WritesDone();
    }
    stream->Finish();
    const auto told = [&notes] { return !notes.ended.empty(); };
    absl::MutexLock lock(&notes.mutex);
    ASSERT_TRUE(notes.mutex.AwaitWithTimeout(absl::Condition(&told), absl::Seconds(20)));
    EXPECT_EQ(std::get<1>(notes.ended.back()),
              cancelled ? absl::StatusCode::kCancelled : absl::StatusCode::kOk);
  }
}

TEST(ObserverTest, WhatItDoesNotLetBeginReachesNoHandler) {
  Notes notes;
  notes.closed = "DirectoryService/PutParty";
  TestServer server(nullptr, &notes);
  v1::PutPartyRequest request;
  request.mutable_party()->set_party_id("newcomer");
  request.mutable_party()->set_role(v1::PARTY_ROLE_COMPANY);
  request.mutable_party()->set_legal_name("Acme SA");
  grpc::ClientContext context;
  v1::PutPartyResponse response;
  EXPECT_TRUE(FailsWith(server.directory->PutParty(&context, request, &response),
                        grpc::StatusCode::UNAVAILABLE, "AUDIT_UNAVAILABLE"));
  EXPECT_FALSE(server.ledger->directory().Snapshot()->parties().contains("newcomer"));
}

TEST(ObserverTest, IsToldOfDecisionsByWayChannelAndReason) {
  Notes notes;
  TestServer server(nullptr, &notes);
  server.ledger.AddCompany("acme");
  const auto call = [&](const std::string& method, const google::protobuf::Message& request) {
    CallRaw(server.channel, "/consent.v1.ContactService/" + method, request.SerializeAsString(),
            {});
  };
  call("CheckAndConsume", ConsumeRequest("r1"));
  call("Check", CheckRequestFor());
  v1::BatchCheckAndConsumeRequest batch;
  *batch.mutable_header() = HeaderForCalls();
  batch.mutable_header()->set_channel(v1::CHANNEL_SMS);
  for (const char* id : {"r2", "r3"}) {
    auto* const item = batch.add_items();
    item->set_contact_point("tel:+33639980001");
    item->set_request_id(id);
  }
  batch.add_items()->set_contact_point("not a number");
  call("BatchCheckAndConsume", batch);
  const auto expected = core::Reason::kNoPermission;
  EXPECT_EQ(notes.decided, (std::map<std::tuple<Way, core::Channel, core::Reason>, int>{
                               {{Way::kUnary, core::Channel::kCall, expected}, 1},
                               {{Way::kCheck, core::Channel::kCall, expected}, 1},
                               {{Way::kBatch, core::Channel::kSms, expected}, 2}}));
}

TEST(ObserverTest, KnowsATraceOnlyByOneWellFormedHeader) {
  Notes notes;
  TestServer server(nullptr, &notes);
  const auto trace_of = [&](const Metadata& metadata) {
    CallRaw(server.channel, "/consent.v1.DirectoryService/GetLedger", "", metadata);
    return notes.traces.back();
  };
  EXPECT_EQ(trace_of({{"traceparent", kTrace}}), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(trace_of({}), "");
  EXPECT_EQ(trace_of({{"traceparent", "00-zz"}}), "");
  EXPECT_EQ(trace_of({{"traceparent", kTrace}, {"traceparent", kTrace}}), "")
      << "two name no trace";
}

}  // namespace
}  // namespace consent::api
