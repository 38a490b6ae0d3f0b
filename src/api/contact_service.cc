// SPDX-License-Identifier: Apache-2.0

#include "src/api/contact_service.h"

#include <utility>
#include <vector>

#include "src/api/batch.h"
#include "src/api/contact_stream.h"
#include "src/api/decode.h"
#include "src/api/encode.h"
#include "src/api/error.h"

namespace consent::api {
namespace {

// One answer of one command, or why there is none.
absl::Status FirstError(const absl::StatusOr<ledger::ContactAnswers>& answers) {
  return answers.ok() ? answers->front().status() : answers.status();
}

template <class Request, class Response>
grpc::ServerUnaryReactor* Act(const Context& context, grpc::CallbackServerContext* call,
                              const Request* request, Response* response) {
  grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
  absl::StatusOr<ledger::PermitCommand> command = Decode(context, *request);
  if (!command.ok()) {
    reactor->Finish(ToGrpcStatus(command.status()));
    return reactor;
  }
  ledger::Shard& shard = *context.ledger.FindShard(ledger::kConsumerShard);
  shard.Act(*std::move(command),
            [&context, &shard, reactor, response](absl::StatusOr<ledger::PermitAnswer> answer) {
              if (answer.ok()) Encode(context, shard.id(), *answer, response->mutable_answer());
              reactor->Finish(ToGrpcStatus(answer.status()));
            });
  return reactor;
}

}  // namespace

grpc::ServerUnaryReactor* ContactService::CheckAndConsume(grpc::CallbackServerContext* call,
                                                          const v1::CheckAndConsumeRequest* request,
                                                          v1::CheckAndConsumeResponse* response) {
  grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
  absl::StatusOr<DecodedContact> decoded = Decode(context_, *request);
  if (!decoded.ok()) {
    reactor->Finish(ToGrpcStatus(decoded.status()));
    return reactor;
  }
  ledger::Shard& shard = context_.ledger.ShardOf(decoded->command.contact);
  std::vector<ledger::ContactCommand> commands;
  commands.push_back(std::move(decoded->command));
  shard.Consume(std::move(commands), [this, &shard, reactor, response, subject = decoded->subject](
                                         absl::StatusOr<ledger::ContactAnswers> answers) {
    const absl::Status error = FirstError(answers);
    if (error.ok()) {
      Encode(context_, shard.id(), *answers->front(), subject, response->mutable_decision());
    }
    reactor->Finish(ToGrpcStatus(error));
  });
  return reactor;
}

grpc::ServerUnaryReactor* ContactService::Check(grpc::CallbackServerContext* call,
                                                const v1::CheckRequest* request,
                                                v1::CheckResponse* response) {
  grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
  absl::StatusOr<DecodedContact> decoded = Decode(context_, *request);
  if (!decoded.ok()) {
    reactor->Finish(ToGrpcStatus(decoded.status()));
    return reactor;
  }
  ledger::Shard& shard = context_.ledger.ShardOf(decoded->command.contact);
  shard.Check(
      std::move(decoded->command), [this, &shard, reactor, response, subject = decoded->subject](
                                       absl::StatusOr<ledger::ContactAnswers> answers) {
        const absl::Status error = FirstError(answers);
        if (error.ok()) {
          Encode(context_, shard.id(), *answers->front(), subject, response->mutable_decision());
        }
        reactor->Finish(ToGrpcStatus(error));
      });
  return reactor;
}

grpc::ServerUnaryReactor* ContactService::BatchCheckAndConsume(
    grpc::CallbackServerContext* call, const v1::BatchCheckAndConsumeRequest* request,
    v1::BatchCheckAndConsumeResponse* response) {
  grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
  JudgeBatch(context_, request->header(), request->items(), response->mutable_results(),
             [reactor](const absl::Status& status) { reactor->Finish(ToGrpcStatus(status)); });
  return reactor;
}

grpc::ServerBidiReactor<v1::StreamCheckAndConsumeRequest, v1::StreamCheckAndConsumeResponse>*
ContactService::StreamCheckAndConsume(grpc::CallbackServerContext*) {
  return new ContactStream(context_);
}

grpc::ServerUnaryReactor* ContactService::ConfirmPermit(grpc::CallbackServerContext* call,
                                                        const v1::ConfirmPermitRequest* request,
                                                        v1::ConfirmPermitResponse* response) {
  return Act(context_, call, request, response);
}

grpc::ServerUnaryReactor* ContactService::ReleasePermit(grpc::CallbackServerContext* call,
                                                        const v1::ReleasePermitRequest* request,
                                                        v1::ReleasePermitResponse* response) {
  return Act(context_, call, request, response);
}

grpc::ServerUnaryReactor* ContactService::ReportOutcome(grpc::CallbackServerContext* call,
                                                        const v1::ReportOutcomeRequest* request,
                                                        v1::ReportOutcomeResponse* response) {
  return Act(context_, call, request, response);
}

}  // namespace consent::api
