// SPDX-License-Identifier: Apache-2.0

#include "src/api/bulk_message.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consent/v1/contact_service.pb.h"
#include "consent/v1/grant_service.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// In slices, as they come from the wire.
grpc::ByteBuffer Bytes(const std::string& text, size_t slice_bytes = 1000) {
  std::vector<grpc::Slice> slices;
  for (size_t at = 0; at < text.size(); at += slice_bytes) {
    slices.emplace_back(text.substr(at, slice_bytes));
  }
  return grpc::ByteBuffer(slices.data(), slices.size());
}

std::string Text(const grpc::ByteBuffer& bytes) {
  grpc::Slice all;
  EXPECT_TRUE(bytes.DumpToSingleSlice(&all).ok());
  return std::string(reinterpret_cast<const char*>(all.begin()), all.size());
}

v1::BatchCheckAndConsumeRequest Batch(int items) {
  v1::BatchCheckAndConsumeRequest batch;
  batch.mutable_header()->set_company("acme");
  for (int i = 0; i < items; ++i) batch.add_items()->set_request_id(absl::StrCat("call-", i));
  return batch;
}

absl::Status ReadBatch(const std::string& text, v1::BatchCheckAndConsumeRequest& batch) {
  grpc::ByteBuffer bytes = Bytes(text);
  return Read(bytes, batch);
}

TEST(BulkMessageTest, IsReadAsItWasWritten) {
  for (const int items : {0, 1, 1000, kBulkFieldsMax - 1}) {
    const v1::BatchCheckAndConsumeRequest sent = Batch(items);
    v1::BatchCheckAndConsumeRequest found = Batch(3);
    EXPECT_OK(ReadBatch(Text(Write(sent)), found));
    EXPECT_EQ(found.SerializeAsString(), sent.SerializeAsString());
  }
}

TEST(BulkMessageTest, OneWithTooManyFieldsIsNotRead) {
  const auto too_many = [](std::string_view field) {
    return StatusIs(absl::StatusCode::kInvalidArgument,
                    AllOf(HasSubstr("at most 1024 fields"), HasSubstr(field)));
  };
  v1::BatchCheckAndConsumeRequest batch;
  const absl::Status items = ReadBatch(Batch(kBulkFieldsMax).SerializeAsString(), batch);
  EXPECT_EQ(FieldOf(items), "items");
  EXPECT_THAT(items, too_many("found more"));
  EXPECT_EQ(batch.items_size(), 0);

  std::string unknown;
  for (int i = 0; i < 2'000'000; ++i) unknown += "\x78\x01";  // Field 15, which there is not.
  EXPECT_THAT(ReadBatch(unknown, batch), too_many("found more"));

  v1::RecordStatementsRequest statements;
  for (int i = 0; i <= kBulkFieldsMax; ++i) statements.add_statements();
  grpc::ByteBuffer bytes = Bytes(statements.SerializeAsString());
  EXPECT_EQ(FieldOf(Read(bytes, statements)), "statements");
}

TEST(BulkMessageTest, BytesThatAreNoneAreRefused) {
  const std::string whole = Batch(20).SerializeAsString();
  const std::string deep(10'000, '\x1b');
  for (const std::string& bad : {whole.substr(0, whole.size() - 1), deep, std::string("\x07"),
                                 std::string("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")}) {
    v1::BatchCheckAndConsumeRequest batch;
    EXPECT_THAT(ReadBatch(bad, batch),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("bytes that are none")));
  }
}

TEST(BulkMessageTest, TheListOfAMessageIsItsOnlyListOfMessages) {
  EXPECT_EQ(ListOf(*v1::BatchCheckAndConsumeRequest::descriptor())->name(), "items");
  EXPECT_EQ(ListOf(*v1::RecordStatementsRequest::descriptor())->name(), "statements");
  EXPECT_EQ(ListOf(*v1::CheckAndConsumeRequest::descriptor()), nullptr);
}

}  // namespace
}  // namespace consent::api
