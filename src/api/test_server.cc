// SPDX-License-Identifier: Apache-2.0

#include "src/api/test_server.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "grpc/grpc.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace consent::api {
namespace {

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  if (details.code() == 0) details.set_code(status.error_code());
  return details;
}

template <class Detail>
bool Find(const google::rpc::Status& status, Detail* detail) {
  for (const auto& any : status.details()) {
    if (any.UnpackTo(detail)) return true;
  }
  return false;
}

}  // namespace

TestServer::TestServer(Authenticator* authenticator, Observer* observer,
                       const ServerOptions& options)
    : permit_key(*crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, 'p')), "permit") {
  // Keeps gRPC's library up from test to test: shutting it down may wait ten seconds for a
  // connection that was cut off.
  static const bool kept = (grpc_init(), true);
  (void)kept;
  absl::StatusOr<std::unique_ptr<Server>> started = Server::Start({.ledger = *ledger,
                                                                   .peppers = ledger.peppers(),
                                                                   .permit_key = permit_key,
                                                                   .clock = clock,
                                                                   .authenticator = authenticator,
                                                                   .observer = observer},
                                                                  "127.0.0.1:0", options);
  if (!started.ok()) {
    std::fprintf(stderr, "test server: %s\n", started.status().ToString().c_str());
    std::abort();
  }
  server = *std::move(started);
  // How much of a stream is under way unread is then a matter of sizes, not of time.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  channel = grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", server->port()),
                                      grpc::InsecureChannelCredentials(), arguments);
  contacts = v1::ContactService::NewStub(channel);
  grants = v1::GrantService::NewStub(channel);
  directory = v1::DirectoryService::NewStub(channel);
  journals = v1::JournalService::NewStub(channel);
}

grpc::Status CallBytes(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::string& request,
                       const std::vector<std::pair<std::string, std::string>>& metadata,
                       std::string* response) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(kCallSecondsMax));
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
  queue.Next(&tag, &ok);
  grpc::Slice joined;
  if (status.ok() && answer.Valid() && answer.DumpToSingleSlice(&joined).ok()) {
    response->assign(reinterpret_cast<const char*>(joined.begin()), joined.size());
  }
  return status;
}

grpc::Status TestServer::Call(const std::string& method, const std::string& request,
                              std::string* response) {
  return CallBytes(channel, method, request, {}, response);
}

v1::CheckAndConsumeRequest ConsumeRequest(const std::string& request_id,
                                          const std::string& contact_point) {
  v1::CheckAndConsumeRequest request;
  request.set_contact_point(contact_point);
  request.set_company("acme");
  request.set_channel(v1::CHANNEL_CALL);
  request.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
  request.set_request_id(request_id);
  return request;
}

v1::CheckRequest CheckRequestFor(const std::string& contact_point) {
  v1::CheckRequest request;
  request.set_contact_point(contact_point);
  request.set_company("acme");
  request.set_channel(v1::CHANNEL_CALL);
  request.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
  return request;
}

v1::BatchHeader HeaderForCalls() {
  v1::BatchHeader header;
  header.set_company("acme");
  header.set_channel(v1::CHANNEL_CALL);
  header.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
  return header;
}

std::string ReasonIn(const google::rpc::Status& status) {
  google::rpc::ErrorInfo info;
  return Find(status, &info) && info.domain() == "consent.v1" ? info.reason() : "";
}

std::string FieldIn(const google::rpc::Status& status) {
  google::rpc::BadRequest bad;
  return Find(status, &bad) && bad.field_violations_size() == 1 ? bad.field_violations(0).field()
                                                                : "";
}

bool HasRetryInfo(const google::rpc::Status& status) {
  google::rpc::RetryInfo retry;
  return Find(status, &retry);
}

testing::AssertionResult FailsWith(const google::rpc::Status& status, grpc::StatusCode code,
                                   std::string_view reason, std::string_view field) {
  if (status.code() != code) {
    return testing::AssertionFailure() << "code " << status.code() << ": " << status.message();
  }
  if (ReasonIn(status) != reason) {
    return testing::AssertionFailure() << "reason " << ReasonIn(status) << ": " << status.message();
  }
  if (FieldIn(status) != field) {
    return testing::AssertionFailure() << "field " << FieldIn(status) << ": " << status.message();
  }
  for (const char* personal : {"63998", "19900", "someone@"}) {
    if (status.SerializeAsString().find(personal) != std::string::npos) {
      return testing::AssertionFailure() << "a contact point is named: " << status.message();
    }
  }
  return testing::AssertionSuccess();
}

testing::AssertionResult FailsWith(const grpc::Status& status, grpc::StatusCode code,
                                   std::string_view reason, std::string_view field) {
  google::rpc::Status details = DetailsOf(status);
  if (details.code() != status.error_code() || details.message() != status.error_message()) {
    return testing::AssertionFailure()
           << "details say otherwise than the status: " << status.error_message();
  }
  return FailsWith(details, code, reason, field);
}

}  // namespace consent::api
