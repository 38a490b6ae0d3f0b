// SPDX-License-Identifier: Apache-2.0

#include "src/api/bulk_message.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "src/base/fault.h"

namespace consent::api {
namespace {

namespace pb = google::protobuf;

// Looks no further than one field too many.
bool HasTooManyFields(grpc::ByteBuffer& bytes) {
  grpc::ProtoBufferReader reader(&bytes);
  if (!reader.status().ok()) return false;  // For the parser to say.
  pb::io::CodedInputStream in(&reader);
  for (int fields = 0; const uint32_t tag = in.ReadTag(); ++fields) {
    if (fields == kBulkFieldsMax) return true;
    if (!pb::internal::WireFormatLite::SkipField(&in, tag)) return false;
  }
  return false;
}

absl::Status Refuse(const pb::Message& message, const std::string& found) {
  return InvalidField(ListOf(*message.GetDescriptor())->name(),
                      absl::StrCat("expected a ", message.GetDescriptor()->name(), " of at most ",
                                   kBulkFieldsMax, " fields, found ", found));
}

}  // namespace

const pb::FieldDescriptor* ListOf(const pb::Descriptor& message) {
  for (int i = 0; i < message.field_count(); ++i) {
    const pb::FieldDescriptor* const field = message.field(i);
    if (field->is_repeated() && field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      return field;
    }
  }
  return nullptr;
}

absl::Status Read(grpc::ByteBuffer& bytes, pb::Message& message) {
  if (HasTooManyFields(bytes)) return Refuse(message, "more");
  const grpc::Status read =
      grpc::GenericDeserialize<grpc::ProtoBufferReader, pb::Message>(&bytes, &message);
  return read.ok() ? absl::OkStatus() : Refuse(message, "bytes that are none");
}

grpc::ByteBuffer Write(const pb::Message& message) {
  grpc::ByteBuffer bytes;
  bool own_buffer = false;
  // Fails only where a required field is missing, of which there are none.
  (void)grpc::GenericSerialize<grpc::ProtoBufferWriter, pb::Message>(message, &bytes, &own_buffer);
  return bytes;
}

}  // namespace consent::api
