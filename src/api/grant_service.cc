// SPDX-License-Identifier: Apache-2.0

#include "src/api/grant_service.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/api/consumer_view.h"
#include "src/api/decode.h"
#include "src/api/encode.h"
#include "src/api/error.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"

namespace consent::api {
namespace {

void Encode(const Context& context, ShardId shard,
            const absl::StatusOr<ledger::StatementAnswer>& answer, v1::StatementResult* result) {
  if (!answer.ok()) {
    *result->mutable_error() = ToRpcStatus(answer.status());
    return;
  }
  auto* const accepted = result->mutable_accepted();
  accepted->set_journal_origin(context.ledger.JournalOrigin(shard));
  accepted->set_entry(answer->entry.value);
  accepted->set_repeated(answer->repeated);
}

absl::StatusOr<ledger::StatementCommand> DecodeViewRequest(const Context& context,
                                                           const v1::SignedStatement& sealed) {
  ASSIGN_OR_RETURN(ledger::StatementCommand command, Decode(context, sealed));
  if (!command.opened.message.has_view_request()) {
    return InvalidField("request", "expected a statement with a view_request");
  }
  const v1::ViewRequest& view = command.opened.message.view_request();
  if (view.history_max() < 0 || view.history_max() > kHistoryMax) {
    return InvalidField("view_request.history_max", absl::StrCat("expected 0 to ", kHistoryMax,
                                                                 ", found ", view.history_max()));
  }
  return command;
}

absl::StatusOr<ledger::EraseCommand> DecodeEraseRequest(const Context& context,
                                                        const v1::SignedStatement& sealed) {
  ASSIGN_OR_RETURN(const ledger::StatementCommand command, Decode(context, sealed));
  if (!command.opened.message.has_erase_request()) {
    return InvalidField("request", "expected a statement with an erase_request");
  }
  return ledger::EraseCommand{.contact = command.contact,
                              .key = command.opened.key.id(),
                              .id = command.opened.id,
                              .signed_at_ms = command.opened.signed_at_ms};
}

}  // namespace

void GrantService::RecordStatements(UnaryCall* call, const v1::RecordStatementsRequest* request,
                                    v1::RecordStatementsResponse* response) {
  const int size = request->statements_size();
  if (size < 1 || size > GrantService::kStatementsMax) {
    call->Finish(InvalidField(
        "statements",
        absl::StrCat("expected 1 to ", GrantService::kStatementsMax, ", found ", size)));
    return;
  }
  std::vector<ledger::StatementCommand> commands;
  std::vector<int> places;
  for (int i = 0; i < size; ++i) {
    v1::StatementResult* const result = response->add_results();
    absl::StatusOr<ledger::StatementCommand> command = Decode(context_, request->statements(i));
    if (!command.ok()) {
      if (context_.observer != nullptr) context_.observer->Stated(false);
      *result->mutable_error() = ToRpcStatus(command.status());
      continue;
    }
    commands.push_back(*std::move(command));
    places.push_back(i);
  }
  if (commands.empty()) {
    call->Finish(absl::OkStatus());
    return;
  }
  ledger::Shard& shard = *context_.ledger.FindShard(ledger::kConsumerShard);
  shard.Take(call->lane(), std::move(commands),
             [this, &shard, call, response,
              places = std::move(places)](absl::StatusOr<ledger::StatementAnswers> answers) {
               for (size_t i = 0; answers.ok() && i < places.size(); ++i) {
                 Encode(context_, shard.id(), (*answers)[i], response->mutable_results(places[i]));
                 if (context_.observer != nullptr) context_.observer->Stated((*answers)[i].ok());
               }
               call->Finish(answers.status());
             });
}

void GrantService::GetConsumerView(UnaryCall* call, const v1::GetConsumerViewRequest* request,
                                   v1::GetConsumerViewResponse* response) {
  absl::StatusOr<ledger::StatementCommand> command =
      DecodeViewRequest(context_, request->request());
  if (!command.ok()) {
    call->Finish(command.status());
    return;
  }
  ledger::Shard& shard = context_.ledger.ShardOf(command->contact);
  shard.View(
      call->lane(), command->contact, command->opened.key.id(),
      [this, &shard, call, response, id = command->opened.id,
       signed_at_ms = command->opened.signed_at_ms,
       wanted = command->opened.message.view_request()](absl::StatusOr<ledger::ConsumerView> view) {
        if (!view.ok()) return call->Finish(view.status());
        // Only now: what strangers sign would fill the memory of used requests.
        if (const absl::Status fresh = freshness_.Use(id, signed_at_ms); !fresh.ok()) {
          return call->Finish(fresh);
        }
        // Reading the history takes a while: not on the committer's thread.
        const bool queued = readers_.Run([this, &shard, call, response, wanted,
                                          view = *std::move(view)] {
          call->Finish(EncodeView(context_, shard.id(), view, wanted, response->mutable_view()));
        });
        if (!queued) call->Finish(TooManyReads());
      });
}

void GrantService::EraseConsumer(UnaryCall* call, const v1::EraseConsumerRequest* request,
                                 v1::EraseConsumerResponse* response) {
  const absl::StatusOr<ledger::EraseCommand> command =
      DecodeEraseRequest(context_, request->request());
  if (!command.ok()) {
    call->Finish(command.status());
    return;
  }
  ledger::Shard& shard = context_.ledger.ShardOf(command->contact);
  // The shard itself sees to it that the order is fresh, and obeyed once.
  shard.Erase(call->lane(), *command,
              [this, &shard, call, response](absl::StatusOr<ledger::EraseAnswer> answer) {
                if (answer.ok()) {
                  response->set_journal_origin(context_.ledger.JournalOrigin(shard.id()));
                  response->set_entry(answer->entry.value);
                  api::Encode(answer->at, response->mutable_erased_at());
                }
                call->Finish(answer.status());
              });
}

}  // namespace consent::api
