// SPDX-License-Identifier: Apache-2.0

#include "src/api/journal_service.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/status_matchers.h"
#include "src/journal/entry.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"
#include "src/statement/envelope.h"

namespace consent::api {
namespace {

using grpc::StatusCode;

class JournalServiceTest : public ::testing::Test {
 protected:
  std::vector<v1::StreamEntriesResponse> Stream(const v1::StreamEntriesRequest& request,
                                                grpc::Status* status) {
    grpc::ClientContext context;
    const auto reader = server_.journals->StreamEntries(&context, request);
    std::vector<v1::StreamEntriesResponse> messages;
    v1::StreamEntriesResponse message;
    while (reader->Read(&message)) messages.push_back(message);
    *status = reader->Finish();
    return messages;
  }
  static v1::StreamEntriesRequest Request(const std::string& journal, uint64_t from = 0,
                                          uint64_t entries_max = 0, bool with_openings = false) {
    v1::StreamEntriesRequest request;
    request.set_journal_origin(absl::StrCat(std::string(ledger::kTestOrigin), "/", journal));
    request.set_from(from);
    request.set_entries_max(entries_max);
    request.set_with_openings(with_openings);
    return request;
  }
  // So many denials of strangers.
  void Fill(int entries) {
    std::vector<ledger::ContactCommand> commands;
    for (int i = 0; i < entries; ++i) {
      commands.push_back(server_.ledger.Wish(ledger::PersonOf(i % 100), absl::StrCat("r", i)));
      if (commands.size() == 1000 || i + 1 == entries) {
        ASSERT_OK(server_.ledger.ConsumeAll(std::move(commands)));
        commands.clear();
      }
    }
  }

  TestServer server_;
};

TEST_F(JournalServiceTest, PagesHoldEveryEntryAndHashToTheRoot) {
  Fill(2500);
  grpc::Status status;
  const auto messages = Stream(Request("1"), &status);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_GE(messages.size(), 3u);
  merkle::CompactTree tree;
  for (const v1::StreamEntriesResponse& message : messages) {
    EXPECT_EQ(message.journal_origin(), Request("1").journal_origin());
    EXPECT_EQ(message.first(), tree.size().value);
    EXPECT_EQ(message.journal_size(), 2500u);
    EXPECT_EQ(message.root_hash(), messages[0].root_hash());
    for (const v1::JournalEntry& entry : message.entries()) {
      ASSERT_OK_AND_ASSIGN(const journal::Entry parsed, journal::ParseEntry(entry.entry()));
      EXPECT_EQ(parsed.position.value, tree.size().value);
      EXPECT_EQ(entry.opening(), "") << "not asked for";
      tree.Append(merkle::LeafHash(entry.entry()));
    }
  }
  EXPECT_EQ(tree.size().value, 2500u);
  EXPECT_EQ(tree.Root().str(), messages[0].root_hash());
}

TEST_F(JournalServiceTest, PartOfAJournalWithItsOpenings) {
  Fill(30);
  grpc::Status status;
  const auto messages = Stream(Request("1", 10, 5, true), &status);
  ASSERT_TRUE(status.ok());
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].first(), 10u);
  ASSERT_EQ(messages[0].entries_size(), 5);
  EXPECT_NE(messages[0].entries(0).opening(), "");
}

TEST_F(JournalServiceTest, DirectoryIsAJournalToo) {
  grpc::Status status;
  const auto messages = Stream(Request("directory"), &status);
  ASSERT_TRUE(status.ok());
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].entries_size(), 4);
}

TEST_F(JournalServiceTest, PastTheEndThereIsNothing) {
  Fill(3);
  grpc::Status status;
  for (const uint64_t from : {uint64_t{3}, uint64_t{4}, UINT64_MAX}) {
    EXPECT_TRUE(Stream(Request("1", from, UINT64_MAX), &status).empty());
    EXPECT_TRUE(status.ok());
  }
  EXPECT_EQ(Stream(Request("1", 2, UINT64_MAX), &status).size(), 1u);
}

TEST_F(JournalServiceTest, UnknownJournalIsRefused) {
  grpc::Status status;
  EXPECT_TRUE(Stream(Request("2"), &status).empty());
  EXPECT_TRUE(FailsWith(status, StatusCode::NOT_FOUND, "UNKNOWN_JOURNAL"));
  EXPECT_TRUE(Stream({}, &status).empty());
  EXPECT_TRUE(FailsWith(status, StatusCode::NOT_FOUND, "UNKNOWN_JOURNAL"));
}

// Statements may be large, and a message must stay below what gRPC takes.
TEST_F(JournalServiceTest, LargeOpeningsAreSentInMoreMessages) {
  constexpr int kStatements = 900;
  std::vector<ledger::StatementCommand> commands;
  for (int i = 0; i < kStatements; ++i) {
    v1::Statement block = server_.ledger.Block(ledger::PersonOf(i), "acme");
    for (int c = 0; c < 7000; ++c) block.mutable_block()->add_channels(v1::CHANNEL_CALL);
    commands.push_back(server_.ledger.ToCommand(block, server_.ledger.registrar_key));
  }
  ASSERT_OK_AND_ASSIGN(const auto answers, server_.ledger.Take(std::move(commands)));
  ASSERT_OK(answers[0]);
  ASSERT_EQ(server_.ledger.JournalSize().value, uint64_t{kStatements});
  grpc::Status status;
  const auto messages = Stream(Request("1", 0, 0, true), &status);
  EXPECT_TRUE(status.ok()) << status.error_message();
  uint64_t next = 0;
  for (const v1::StreamEntriesResponse& message : messages) {
    EXPECT_EQ(message.first(), next);
    next += message.entries_size();
  }
  EXPECT_EQ(next, uint64_t{kStatements});
}

TEST_F(JournalServiceTest, CancelledStreamsEnd) {
  Fill(5000);
  for (int i = 0; i < 50; ++i) {
    grpc::ClientContext context;
    const auto reader = server_.journals->StreamEntries(&context, Request("1", 0, 0, true));
    v1::StreamEntriesResponse message;
    for (int m = 0; m < i % 3; ++m) EXPECT_TRUE(reader->Read(&message));
    context.TryCancel();
    reader->Finish();
  }
  server_.server.reset();  // Waits for all of them.
}

}  // namespace
}  // namespace consent::api
