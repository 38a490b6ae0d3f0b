// SPDX-License-Identifier: Apache-2.0

#include "src/api/contact_stream.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

using grpc::StatusCode;
using Stream =
    grpc::ClientReaderWriter<v1::StreamCheckAndConsumeRequest, v1::StreamCheckAndConsumeResponse>;

// Message number `number`, with `items` items about contact points nobody knows.
v1::StreamCheckAndConsumeRequest Message(int number, int items) {
  v1::StreamCheckAndConsumeRequest message;
  *message.mutable_header() = HeaderForCalls();
  for (int i = 0; i < items; ++i) {
    v1::BatchItem& item = *message.add_items();
    item.set_contact_point(ledger::ContactPointOf((number * 31 + i) % 10'000));
    item.set_request_id(absl::StrCat("m", number, "-", i));
  }
  return message;
}

class ContactStreamTest : public ::testing::Test {
 protected:
  TestServer server_;
};

TEST_F(ContactStreamTest, PipelinedMessagesAreAnsweredInOrder) {
  grpc::ClientContext context;
  const std::unique_ptr<Stream> stream = server_.contacts->StreamCheckAndConsume(&context);
  constexpr int kMessages = 64;
  for (int i = 0; i < kMessages; ++i) ASSERT_TRUE(stream->Write(Message(i, 1 + i % 5)));
  stream->WritesDone();
  uint64_t entry = 0;
  for (int i = 0; i < kMessages; ++i) {
    v1::StreamCheckAndConsumeResponse response;
    ASSERT_TRUE(stream->Read(&response)) << i;
    ASSERT_EQ(response.results_size(), 1 + i % 5) << i;
    for (const v1::BatchResult& result : response.results()) {
      EXPECT_EQ(result.decision().entry(), entry++);
    }
  }
  v1::StreamCheckAndConsumeResponse none;
  EXPECT_FALSE(stream->Read(&none));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ContactStreamTest, WrongMessageIsAnsweredAndTheStreamGoesOn) {
  grpc::ClientContext context;
  const std::unique_ptr<Stream> stream = server_.contacts->StreamCheckAndConsume(&context);
  v1::StreamCheckAndConsumeRequest wrong = Message(1, 1);
  wrong.mutable_header()->set_channel(static_cast<v1::Channel>(99));
  ASSERT_TRUE(stream->Write(Message(0, 1)));
  ASSERT_TRUE(stream->Write(wrong));
  ASSERT_TRUE(stream->Write(Message(2, 0)));
  ASSERT_TRUE(stream->Write(Message(3, 2)));
  stream->WritesDone();
  v1::StreamCheckAndConsumeResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.results_size(), 1);
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.results_size(), 0);
  EXPECT_TRUE(
      FailsWith(response.error(), StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "channel"));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_TRUE(FailsWith(response.error(), StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "items"));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.results_size(), 2);
  EXPECT_FALSE(response.has_error());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ContactStreamTest, EmptyStreamEndsWell) {
  grpc::ClientContext context;
  const std::unique_ptr<Stream> stream = server_.contacts->StreamCheckAndConsume(&context);
  stream->WritesDone();
  v1::StreamCheckAndConsumeResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

// A client that does not read its answers stops being read: the server keeps a few, not all.
TEST_F(ContactStreamTest, ClientThatDoesNotReadIsNotRead) {
  constexpr int kMessages = 150;
  constexpr int kItems = 1000;
  grpc::ClientContext context;
  const std::unique_ptr<Stream> stream = server_.contacts->StreamCheckAndConsume(&context);
  std::thread writer([&] {
    for (int i = 0; i < kMessages; ++i) {
      if (!stream->Write(Message(i, kItems))) return;
    }
    stream->WritesDone();
  });
  // Until nothing more happens.
  uint64_t judged = 0;
  for (int still = 0; still < 5;) {
    absl::SleepFor(absl::Milliseconds(100));
    const uint64_t now = server_.ledger.JournalSize().value;
    still = now == judged && now > 0 ? still + 1 : 0;
    judged = now;
  }
  EXPECT_LT(judged, uint64_t{kMessages} * kItems) << "all of it piled up";
  v1::StreamCheckAndConsumeResponse response;
  int answers = 0;
  while (stream->Read(&response)) {
    EXPECT_EQ(response.results_size(), kItems);
    ++answers;
  }
  writer.join();
  EXPECT_EQ(answers, kMessages);
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(server_.ledger.JournalSize().value, uint64_t{kMessages} * kItems);
}

// Whoever does not wait as they were told is not read meanwhile: what they bring too early is
// answered when there is room for it.
TEST(ContactStreamPauseTest, AfterARefusalForNowNothingIsReadBeforeItsTime) {
  TestServer server(nullptr, nullptr, {.callers = {.decisions_per_second = 1000}});
  grpc::ClientContext context;
  const std::unique_ptr<Stream> stream = server.contacts->StreamCheckAndConsume(&context);
  const absl::Time began = absl::Now();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream->Write(Message(i, 1000)));
  v1::StreamCheckAndConsumeResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.results_size(), 1000);
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_TRUE(FailsWith(response.error(), StatusCode::RESOURCE_EXHAUSTED, "RATE_LIMITED"));
  EXPECT_TRUE(HasRetryInfo(response.error()));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_GE(absl::Now() - began, absl::Milliseconds(900));
  // The server's clock stands still, so it was no more than the time that had passed.
  EXPECT_TRUE(FailsWith(response.error(), StatusCode::RESOURCE_EXHAUSTED, "RATE_LIMITED"));

  // Who goes while it pauses is not waited for.
  ASSERT_TRUE(stream->Write(Message(3, 1000)));
  const absl::Time gone = absl::Now();
  context.TryCancel();
  EXPECT_FALSE(stream->Finish().ok());
  server.server->Drain(absl::Seconds(10));
  EXPECT_LT(absl::Now() - gone, absl::Milliseconds(700));
}

// What is no batch is an answer of its own as well.
TEST_F(ContactStreamTest, AMessageOfTooManyFieldsIsAnsweredAndTheStreamGoesOn) {
  grpc::ClientContext context;
  const std::unique_ptr<Stream> stream = server_.contacts->StreamCheckAndConsume(&context);
  ASSERT_TRUE(stream->Write(Message(0, 5000)));
  ASSERT_TRUE(stream->Write(Message(1, 1)));
  stream->WritesDone();
  v1::StreamCheckAndConsumeResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_TRUE(FailsWith(response.error(), StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "items"));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.results_size(), 1);
  EXPECT_TRUE(stream->Finish().ok());
}

// No stream is left behind: the server ends only when all of them have.
TEST_F(ContactStreamTest, ManyEarlyCancelsLeaveNothingBehind) {
  std::vector<std::thread> clients;
  for (int t = 0; t < 4; ++t) {
    clients.emplace_back([this, t] {
      for (int i = 0; i < 100; ++i) {
        grpc::ClientContext context;
        const std::unique_ptr<Stream> stream = server_.contacts->StreamCheckAndConsume(&context);
        for (int m = 0; m < (t + i) % 20; ++m) stream->Write(Message(m, 1 + m));
        v1::StreamCheckAndConsumeResponse response;
        for (int m = 0; m < i % 4 && m < (t + i) % 20; ++m) stream->Read(&response);
        context.TryCancel();
        EXPECT_FALSE(stream->Finish().ok());
      }
    });
  }
  for (std::thread& client : clients) client.join();
  grpc::ClientContext context;
  v1::CheckAndConsumeResponse response;
  EXPECT_TRUE(server_.contacts->CheckAndConsume(&context, ConsumeRequest("after"), &response).ok());
  server_.server.reset();
}

TEST_F(ContactStreamTest, StreamCancelledWhileItsCommitIsHeldUpEnds) {
  std::atomic<bool> hold = true;
  std::atomic<bool> inside = false;
  server_.store.SetBeforeCommit([&](ShardId) {
    inside = true;
    while (hold) absl::SleepFor(absl::Milliseconds(1));
  });
  grpc::ClientContext context;
  const std::unique_ptr<Stream> stream = server_.contacts->StreamCheckAndConsume(&context);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(stream->Write(Message(i, 3)));
  while (!inside) absl::SleepFor(absl::Milliseconds(1));
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), StatusCode::CANCELLED);
  hold = false;
  server_.server.reset();  // Waits for the stream.
}

}  // namespace
}  // namespace consent::api
