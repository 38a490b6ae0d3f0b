// SPDX-License-Identifier: Apache-2.0

#include "src/api/contact_service.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/api/batch.h"
#include "src/api/decode.h"
#include "src/api/encode.h"
#include "src/api/error.h"
#include "src/api/receipts.h"
#include "src/api/strangers.h"
#include "src/base/status_macros.h"
#include "src/journal/event_parts.h"

namespace consent::api {
namespace {

// One answer of one command, or why there is none.
absl::Status FirstError(const absl::StatusOr<ledger::ContactAnswers>& answers) {
  return answers.ok() ? answers->front().status() : answers.status();
}

// Whether the company may ask about one more; what it asked is settled once it is answered.
absl::Status Ask(const Context& context, const std::string& company) {
  return context.strangers == nullptr ? absl::OkStatus() : context.strangers->Ask(company, 1);
}
void Settle(const Context& context, const std::string& company,
            const absl::StatusOr<ledger::ContactAnswers>& answers) {
  if (context.strangers == nullptr) return;
  context.strangers->Answered(company, 1, answers.ok() ? CountStrangers(*answers) : 0);
}

// What an answer brings beside the decision.
struct Extras {
  std::optional<PermitTerms> permit;
  std::optional<ReceiptOrder> receipt;
};

// Adds them, as far as they can be had, then finishes: the decision stands either way.
void Finish(const Context& context, Readers& provers, const Extras& extras,
            v1::CheckAndConsumeResponse* response, UnaryCall* call) {
  const auto work = [&context, &provers, extras, response, call] {
    if (extras.permit.has_value()) {
      absl::StatusOr<std::string> permit = SignPermit(context, *extras.permit);
      if (permit.ok()) response->set_signed_permit(*std::move(permit));
    }
    if (!extras.receipt.has_value()) return call->Finish(absl::OkStatus());
    GiveReceipt(context, provers, *extras.receipt,
                [response, call](absl::StatusOr<std::string> receipt) {
                  if (receipt.ok()) response->set_receipt(*std::move(receipt));
                  call->Finish(absl::OkStatus());
                });
  };
  const bool none = !extras.permit.has_value() && !extras.receipt.has_value();
  if (none || !provers.Run(work)) call->Finish(absl::OkStatus());
}

// Signs the confirmed permit: the entry that allowed it says who may be contacted, and how.
absl::StatusOr<std::string> SignConfirmed(const Context& context, ShardId shard,
                                          const std::string& permit_id, LeafIndex entry,
                                          const ledger::PermitAnswer& answer) {
  ASSIGN_OR_RETURN(const journal::OpenedLeaf opened, OpenEntry(context, shard, entry));
  ASSIGN_OR_RETURN(const core::Event event, journal::ToEvent(opened.entry, opened.parts));
  return SignPermit(context, {.permit_id = permit_id,
                              .shard = shard,
                              .entry = entry,
                              .contact_point = opened.parts.contact,
                              .request = std::get<core::Decided>(event.body).request,
                              .issued_at = answer.at,
                              .contact_before = *answer.decision.contact_before});
}

template <class Request, class Response>
void Act(const Context& context, UnaryCall* call, const Request* request, Response* response) {
  absl::StatusOr<ledger::PermitCommand> command = Decode(context, *request);
  if (!command.ok()) {
    call->Finish(command.status());
    return;
  }
  ledger::Shard& shard = *context.ledger.FindShard(ledger::kConsumerShard);
  shard.Act(call->lane(), *std::move(command),
            [&context, &shard, call, response](absl::StatusOr<ledger::PermitAnswer> answer) {
              if (answer.ok()) Encode(context, shard.id(), *answer, response->mutable_answer());
              call->Finish(answer.status());
            });
}

}  // namespace

void ContactService::CheckAndConsume(UnaryCall* call, const v1::CheckAndConsumeRequest* request,
                                     v1::CheckAndConsumeResponse* response) {
  absl::StatusOr<DecodedContact> decoded = Decode(context_, *request);
  if (!decoded.ok()) {
    call->Finish(decoded.status());
    return;
  }
  const std::string& company = decoded->command.request.company;
  if (const absl::Status asked = Ask(context_, company); !asked.ok()) return call->Finish(asked);
  ledger::Shard& shard = context_.ledger.ShardOf(decoded->command.contact);
  Extras extras;
  if (request->want_receipt()) {
    extras.receipt =
        ReceiptOrder{.shard = shard.id(), .entry = {}, .opened = Opened::kCompanysPart};
  }
  if (request->want_signed_permit()) {
    extras.permit = PermitTerms{.permit_id = {},
                                .shard = shard.id(),
                                .entry = {},
                                .contact_point = decoded->command.contact_point,
                                .request = decoded->command.request,
                                .issued_at = {},
                                .contact_before = {}};
  }
  shard.ConsumeOne(
      call->lane(), std::move(decoded->command),
      [this, &shard, call, request, response, channel = decoded->command.request.channel,
       subject = decoded->subject,
       extras = std::move(extras)](absl::StatusOr<ledger::ContactAnswers> answers) mutable {
        Settle(context_, request->company(), answers);
        const absl::Status error = FirstError(answers);
        if (!error.ok()) return call->Finish(error);
        const ledger::ContactAnswer& answer = *answers->front();
        Observe(context_, Way::kUnary, channel, answer);
        Encode(context_, shard.id(), answer, subject, response->mutable_decision());
        if (extras.receipt.has_value() && answer.entry.has_value()) {
          extras.receipt->entry = *answer.entry;
        } else {
          extras.receipt.reset();
        }
        if (extras.permit.has_value() && answer.decision.contact_before.has_value()) {
          extras.permit->permit_id = response->decision().permit_id();
          extras.permit->entry = *answer.entry;
          extras.permit->issued_at = answer.at;
          extras.permit->contact_before = *answer.decision.contact_before;
        } else {
          extras.permit.reset();
        }
        Finish(context_, provers_, extras, response, call);
      });
}

void ContactService::Check(UnaryCall* call, const v1::CheckRequest* request,
                           v1::CheckResponse* response) {
  absl::StatusOr<DecodedContact> decoded = Decode(context_, *request);
  if (!decoded.ok()) {
    call->Finish(decoded.status());
    return;
  }
  const std::string& company = decoded->command.request.company;
  if (const absl::Status asked = Ask(context_, company); !asked.ok()) return call->Finish(asked);
  ledger::Shard& shard = context_.ledger.ShardOf(decoded->command.contact);
  shard.Check(call->lane(), std::move(decoded->command),
              [this, &shard, call, request, response, channel = decoded->command.request.channel,
               subject = decoded->subject](absl::StatusOr<ledger::ContactAnswers> answers) {
                Settle(context_, request->company(), answers);
                const absl::Status error = FirstError(answers);
                if (error.ok()) {
                  Observe(context_, Way::kCheck, channel, *answers->front());
                  Encode(context_, shard.id(), *answers->front(), subject,
                         response->mutable_decision());
                }
                call->Finish(error);
              });
}

void ContactService::BatchCheckAndConsume(UnaryCall* call,
                                          const v1::BatchCheckAndConsumeRequest* request,
                                          v1::BatchCheckAndConsumeResponse* response) {
  JudgeBatch(context_, call->lane(), Way::kBatch, request->header(), request->items(),
             response->mutable_results(),
             [call](const absl::Status& status) { call->Finish(status); });
}

void ContactService::ConfirmPermit(UnaryCall* call, const v1::ConfirmPermitRequest* request,
                                   v1::ConfirmPermitResponse* response) {
  if (!request->want_signed_permit()) return Act(context_, call, request, response);
  absl::StatusOr<ledger::PermitCommand> command = Decode(context_, *request);
  if (!command.ok()) {
    call->Finish(command.status());
    return;
  }
  ledger::Shard& shard = *context_.ledger.FindShard(ledger::kConsumerShard);
  const LeafIndex entry = command->permit.position;
  shard.Act(
      call->lane(), *std::move(command),
      [this, &shard, request, call, response, entry](absl::StatusOr<ledger::PermitAnswer> answer) {
        if (!answer.ok()) return call->Finish(answer.status());
        Encode(context_, shard.id(), *answer, response->mutable_answer());
        const auto sign = [this, &shard, request, call, response, entry, answer = *answer] {
          auto permit = SignConfirmed(context_, shard.id(), request->permit_id(), entry, answer);
          if (permit.ok()) response->set_signed_permit(*std::move(permit));
          call->Finish(absl::OkStatus());
        };
        if (!answer->decision.contact_before.has_value() || !provers_.Run(sign)) {
          call->Finish(absl::OkStatus());
        }
      });
}

void ContactService::ReleasePermit(UnaryCall* call, const v1::ReleasePermitRequest* request,
                                   v1::ReleasePermitResponse* response) {
  return Act(context_, call, request, response);
}

void ContactService::ReportOutcome(UnaryCall* call, const v1::ReportOutcomeRequest* request,
                                   v1::ReportOutcomeResponse* response) {
  return Act(context_, call, request, response);
}

}  // namespace consent::api
