// SPDX-License-Identifier: Apache-2.0

#include "src/http/unary_call.h"

#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"

namespace consent::http {

grpc::Status CallUnary(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::string& request, const Headers& metadata, absl::Duration timeout,
                       std::string& response) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
  grpc::CompletionQueue queue;
  const grpc::Slice slice(request);
  const grpc::ByteBuffer bytes(&slice, 1);
  const auto call = stub.PrepareUnaryCall(&context, method, bytes, &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, &answer);
  void* tag = nullptr;
  bool ok = false;
  // The deadline ends this wait too.
  queue.Next(&tag, &ok);
  if (!status.ok()) return status;
  grpc::Slice joined;
  if (answer.Length() > 0 && !answer.DumpToSingleSlice(&joined).ok()) {
    return {grpc::StatusCode::INTERNAL, "the answer could not be read"};
  }
  response.assign(reinterpret_cast<const char*>(joined.begin()), joined.size());
  return status;
}

}  // namespace consent::http
