// SPDX-License-Identifier: Apache-2.0
//
// Bulk messages: those that hold a list, as they come from the wire and go there. gRPC's threads,
// which serve everybody, leave them as bytes; bulk.h's read and write them. One with more fields
// than any of them can have is not read at all: four MiB hold two million empty items.

#ifndef CONSENT_API_BULK_MESSAGE_H_
#define CONSENT_API_BULK_MESSAGE_H_

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace consent::api {

// More than the longest list has items, by more than the other fields of a message.
inline constexpr int kBulkFieldsMax = 1024;

// About as much as one takes at least: a contact point and an id, a signed statement.
inline constexpr size_t kItemBytes = 32;
inline constexpr size_t kStatementBytes = 512;

// The list of a message that has one: its only list of messages. Null: it has none.
const google::protobuf::FieldDescriptor* ListOf(const google::protobuf::Descriptor& message);

// InvalidArgument, INVALID_FIELD: these are no such message, or it has more than kBulkFieldsMax
// fields, those below them not counted. `bytes` are used up; `message` has a list.
absl::Status Read(grpc::ByteBuffer& bytes, google::protobuf::Message& message);

grpc::ByteBuffer Write(const google::protobuf::Message& message);

}  // namespace consent::api

#endif  // CONSENT_API_BULK_MESSAGE_H_
