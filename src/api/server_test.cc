// SPDX-License-Identifier: Apache-2.0

#include "src/api/server.h"

#include <atomic>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

TEST(ServerTest, RefusesOtherAddresses) {
  TestServer server;
  const absl::Status refused = Server::Start({.ledger = *server.ledger,
                                              .peppers = server.ledger.peppers(),
                                              .permit_key = server.permit_key,
                                              .clock = server.clock},
                                             "0.0.0.0:0")
                                   .status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(ServerTest, RefusesATakenPort) {
  TestServer server;
  const absl::Status refused = Server::Start({.ledger = *server.ledger,
                                              .peppers = server.ledger.peppers(),
                                              .permit_key = server.permit_key,
                                              .clock = server.clock},
                                             absl::StrCat("127.0.0.1:", server.server->port()))
                                   .status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kUnavailable));
}

TEST(ServerTest, SaysThatItServes) {
  TestServer server;
  std::string response;
  ASSERT_TRUE(server.Call("/grpc.health.v1.Health/Check", "", &response).ok());
  EXPECT_EQ(response, "\x08\x01") << "status: SERVING";
}

TEST(ServerTest, ReflectionListsTheServices) {
  TestServer server;
  grpc::GenericStub stub(server.channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const auto call = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  const grpc::Slice list_services(std::string("\x3a\x01*", 3));
  call->Write(grpc::ByteBuffer(&list_services, 1), nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::Slice joined;
  ASSERT_TRUE(answer.DumpToSingleSlice(&joined).ok());
  const std::string text(reinterpret_cast<const char*>(joined.begin()), joined.size());
  for (const char* service : {"consent.v1.ContactService", "consent.v1.GrantService",
                              "consent.v1.DirectoryService", "consent.v1.JournalService"}) {
    EXPECT_NE(text.find(service), std::string::npos) << service;
  }
  call->WritesDone(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
  grpc::Status status;
  call->Finish(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
}

TEST(ServerTest, UnknownMethodIsUnimplemented) {
  TestServer server;
  std::string response;
  EXPECT_EQ(server.Call("/consent.v1.ContactService/Nothing", "", &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST(ServerTest, DrainAnswersTheCallsUnderWay) {
  TestServer server;
  std::atomic<bool> hold = true;
  std::atomic<bool> inside = false;
  server.store.SetBeforeCommit([&](ShardId) {
    inside = true;
    while (hold) absl::SleepFor(absl::Milliseconds(1));
  });
  grpc::Status status(grpc::StatusCode::UNKNOWN, "not answered");
  std::thread caller([&] {
    grpc::ClientContext context;
    v1::CheckAndConsumeResponse response;
    status = server.contacts->CheckAndConsume(&context, ConsumeRequest("r1"), &response);
  });
  while (!inside) absl::SleepFor(absl::Milliseconds(1));
  std::thread drain([&] { server.server->Drain(absl::Seconds(30)); });
  absl::SleepFor(absl::Milliseconds(50));
  hold = false;
  drain.join();
  caller.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  grpc::ClientContext late;
  v1::CheckAndConsumeResponse response;
  EXPECT_EQ(server.contacts->CheckAndConsume(&late, ConsumeRequest("r2"), &response).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace consent::api
