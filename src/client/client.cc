// SPDX-License-Identifier: Apache-2.0

#include "consent/client.h"

#include <functional>
#include <string>
#include <utility>

#include "consent/v1/contact_service.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "src/client/answer_parts.h"
#include "src/client/call.h"
#include "src/client/credentials.h"
#include "src/client/translate.h"

namespace consent {
namespace {

using client::CallResult;

// After a lost connection: how soon and how late the next one is tried. gRPC's own (1 s to 2 min)
// would outlast most deadlines, and a ledger that is back would not be noticed.
constexpr int kReconnectMsMin = 100;
constexpr int kReconnectMsMax = 500;
// How long one try to connect may take; that is what gRPC means by its "minimal backoff".
constexpr int kConnectMsMax = 5000;

std::shared_ptr<grpc::Channel> MakeChannel(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMsMin);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMsMax);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMsMax);
  // A lost address is looked up again before it is tried again: no later than that.
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, kReconnectMsMin);
  // A new client connects at once, whatever another one of this process waits for.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // Repeats are ours, and the configuration of a call is not for name servers to give.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

Error CheckOptions(const ClientOptions& options) {
  std::string wrong;
  if (options.address.empty()) {
    wrong = "address: expected HOST:PORT, found nothing";
  } else if (options.deadline_ms < 1 || options.deadline_ms > kDeadlineMsMax) {
    wrong = "deadline_ms: expected 1 to " + std::to_string(kDeadlineMsMax) + ", found " +
            std::to_string(options.deadline_ms);
  } else if (options.retries_max > kRetriesMax) {
    wrong = "retries_max: expected 0 to " + std::to_string(kRetriesMax) + ", found " +
            std::to_string(options.retries_max);
  } else {
    return {};
  }
  return {.code = ErrorCode::kInvalidArgument, .message = std::move(wrong)};
}

}  // namespace

class Client::Connection {
 public:
  explicit Connection(ClientOptions options)
      : options_(std::move(options)), fault_(CheckOptions(options_)) {
    if (fault_.code != ErrorCode::kNone) return;
    const auto credentials = client::CredentialsOf(options_, &fault_);
    if (credentials != nullptr) {
      stub_ = v1::ContactService::NewStub(MakeChannel(options_.address, credentials));
    }
  }

  // Call(connection, &v1::ContactService::Stub::Check, request, &response): with its repeats.
  // Without a connection, or with options that cannot be, an error at once.
  template <class Wire, class Response>
  static CallResult Call(const Connection* connection,
                         grpc::Status (v1::ContactService::Stub::*method)(grpc::ClientContext*,
                                                                          const Wire&, Response*),
                         const Wire& request, Response* response) {
    if (connection == nullptr) {
      return {.error = {.code = ErrorCode::kFailedPrecondition,
                        .message = "this client was moved from"}};
    }
    if (connection->stub_ == nullptr) return {.error = connection->fault_};
    return client::CallWithRepeats(connection->options_, [&](grpc::ClientContext* context) {
      // What a failed attempt may have left behind is not part of the next one's answer.
      response->Clear();
      return ((*connection->stub_).*method)(context, request, response);
    });
  }

  // A release, or an outcome.
  template <class Response, class Wire>
  static PermitAnswer Settle(const Connection* connection,
                             grpc::Status (v1::ContactService::Stub::*method)(grpc::ClientContext*,
                                                                              const Wire&,
                                                                              Response*),
                             const Wire& request) {
    Response response;
    const CallResult call = Call(connection, method, request, &response);
    if (call.error.code == ErrorCode::kNone) {
      return client::FromWire(response.answer(), call.attempts);
    }
    PermitAnswer answer;
    answer.error = call.error;
    answer.attempts = call.attempts;
    return answer;
  }

 private:
  const ClientOptions options_;
  Error fault_;
  std::unique_ptr<v1::ContactService::Stub> stub_;  // None where fault_ says why.
};

Client::Client(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

Client Client::Connect(ClientOptions options) {
  return Client(std::make_unique<Connection>(std::move(options)));
}

Answer Client::CheckAndConsume(const Request& request) const {
  v1::CheckAndConsumeResponse response;
  const CallResult call =
      Connection::Call(connection_.get(), &v1::ContactService::Stub::CheckAndConsume,
                       client::ToWire(request), &response);
  if (call.error.code != ErrorCode::kNone) return AnswerParts::OfError(call.error);
  return client::FromWire(response, request.company, call.sent_at);
}

std::vector<Answer> Client::CheckAndConsumeBatch(const BatchHeader& header,
                                                 const std::vector<BatchItem>& items) const {
  if (items.empty()) return {};
  const auto all = [&items](Error error) {
    return std::vector<Answer>(items.size(), AnswerParts::OfError(std::move(error)));
  };
  if (items.size() > kBatchItemsMax) {
    return all({.code = ErrorCode::kInvalidArgument,
                .message = "items: expected at most " + std::to_string(kBatchItemsMax) +
                           ", found " + std::to_string(items.size())});
  }
  v1::BatchCheckAndConsumeRequest request;
  *request.mutable_header() = client::ToWire(header);
  for (const BatchItem& item : items) {
    v1::BatchItem* const wire = request.add_items();
    wire->set_contact_point(item.contact_point);
    wire->set_request_id(item.request_id);
  }
  v1::BatchCheckAndConsumeResponse response;
  const CallResult call = Connection::Call(
      connection_.get(), &v1::ContactService::Stub::BatchCheckAndConsume, request, &response);
  if (call.error.code != ErrorCode::kNone) return all(call.error);
  // Answers that cannot be told apart are nobody's.
  if (response.results_size() != static_cast<int>(items.size())) {
    return all({.code = ErrorCode::kInternal,
                .message = "the ledger's answer makes no sense: " + std::to_string(items.size()) +
                           " items, " + std::to_string(response.results_size()) + " results"});
  }
  std::vector<Answer> answers;
  answers.reserve(items.size());
  for (const v1::BatchResult& result : response.results()) {
    answers.push_back(client::FromWire(result, header.company, call.sent_at));
  }
  return answers;
}

Answer Client::Check(const Request& request) const {
  v1::CheckResponse response;
  const CallResult call = Connection::Call(connection_.get(), &v1::ContactService::Stub::Check,
                                           client::ToCheck(request), &response);
  if (call.error.code != ErrorCode::kNone) return AnswerParts::OfError(call.error);
  // Nothing was taken. A permit in it would be a mistake, and would look like a right to contact.
  response.mutable_decision()->clear_permit_id();
  return client::FromWire(response.decision(), request.company, call.sent_at);
}

Answer Client::ConfirmPermit(const Answer& held, const ConfirmOptions& options) const {
  if (!held.held()) {
    return AnswerParts::OfError({.code = ErrorCode::kFailedPrecondition,
                                 .message = "expected a held answer, found " + held.Summary()});
  }
  v1::ConfirmPermitRequest request;
  request.set_company(AnswerParts::Company(held));
  request.set_permit_id(held.decision().permit_id);
  request.set_want_signed_permit(options.want_signed_permit);
  v1::ConfirmPermitResponse response;
  const CallResult call = Connection::Call(
      connection_.get(), &v1::ContactService::Stub::ConfirmPermit, request, &response);
  if (call.error.code != ErrorCode::kNone) return AnswerParts::OfError(call.error);
  return client::FromWire(held, response, call.sent_at);
}

PermitAnswer Client::ReleasePermit(const std::string& company, const std::string& permit_id) const {
  v1::ReleasePermitRequest request;
  request.set_company(company);
  request.set_permit_id(permit_id);
  return Connection::Settle<v1::ReleasePermitResponse>(
      connection_.get(), &v1::ContactService::Stub::ReleasePermit, request);
}

PermitAnswer Client::ReportOutcome(const std::string& company, const std::string& permit_id,
                                   Outcome outcome) const {
  v1::ReportOutcomeRequest request;
  request.set_company(company);
  request.set_permit_id(permit_id);
  request.set_outcome(static_cast<v1::Outcome>(outcome));
  return Connection::Settle<v1::ReportOutcomeResponse>(
      connection_.get(), &v1::ContactService::Stub::ReportOutcome, request);
}

}  // namespace consent
