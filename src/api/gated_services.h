// SPDX-License-Identifier: Apache-2.0
//
// The services as they are registered: each method asks the gate, and only then its handler. A
// method that is not here answers UNIMPLEMENTED, so none can be reached that was not thought of.
//
// Threads: gRPC's own. The gate and the handlers outlive these.

#ifndef CONSENT_API_GATED_SERVICES_H_
#define CONSENT_API_GATED_SERVICES_H_

#include <utility>

#include "src/api/admin_service.h"
#include "src/api/bulk.h"
#include "src/api/bulk_message.h"
#include "src/api/contact_service.h"
#include "src/api/contact_stream.h"
#include "src/api/directory_service.h"
#include "src/api/error.h"
#include "src/api/gate.h"
#include "src/api/grant_service.h"
#include "src/api/journal_service.h"
#include "src/api/method.h"
#include "src/api/under_way.h"
#include "src/base/status_macros.h"

namespace consent::api {

// A stream that ends as it begins.
template <class Reactor>
class Closed : public Reactor {
 public:
  explicit Closed(const absl::Status& status) { this->Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

// Whether a call may begin: who calls may make it, and what it does can be written down.
template <class Request>
absl::Status Admit(const Gate& gate, const grpc::CallbackServerContext& call,
                   const Request& request, CallTrack& track) {
  RETURN_IF_ERROR(gate.Admit(call, request, Callers::Kind::kCall, track.guest));
  return track.MayBegin();
}

// Runs `handler` if the caller may make this call.
template <class Request, class Handler>
grpc::ServerUnaryReactor* Enter(const Gate& gate, grpc::CallbackServerContext* call,
                                const Request& request, Handler handler) {
  grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
  CallTrack track(gate.observer(), MethodTaking<Request>(), *call);
  if (const absl::Status admitted = Admit(gate, *call, request, track); admitted.ok()) {
    handler(new UnaryCall(std::move(track), reactor));
  } else {
    track.Refuse(admitted);
    reactor->Finish(ToGrpcStatus(admitted));
  }
  return reactor;
}
// The same for bulk messages. The caller is known, and has one more call under way, before the
// message is read.
template <class Request, class Response, class Handler>
grpc::ServerUnaryReactor* EnterBulk(const Gate& gate, Bulk& bulk, grpc::CallbackServerContext* call,
                                    const grpc::ByteBuffer& bytes, grpc::ByteBuffer& answer,
                                    size_t item_bytes, Handler handler) {
  grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
  CallTrack track(gate.observer(), MethodTaking<Request>(), *call);
  absl::StatusOr<Pass> pass =
      gate.Open(*call, *Request::descriptor(), Callers::Kind::kCall, track.guest);
  if (!pass.ok()) {
    track.Refuse(pass.status());
    reactor->Finish(ToGrpcStatus(pass.status()));
    return reactor;
  }
  auto* const entered =
      new BulkCall<Request, Response>(std::move(track), *std::move(pass), reactor, bytes, answer);
  bulk.Run(entered->lane(), static_cast<int>(bytes.Length() / item_bytes), [entered, handler] {
    if (const absl::Status may = entered->MayBegin(); !may.ok()) return entered->TurnAway(may);
    handler(entered, &entered->request, &entered->response);
  });
  return reactor;
}

template <class Response, class Request, class Handler>
grpc::ServerWriteReactor<Response>* EnterStream(const Gate& gate, grpc::CallbackServerContext* call,
                                                const Request& request, Handler handler) {
  CallTrack track(gate.observer(), MethodTaking<Request>(), *call);
  absl::StatusOr<Pass> pass =
      gate.Open(*call, *Request::descriptor(), Callers::Kind::kStream, track.guest);
  absl::Status admitted = pass.ok() ? pass->Admit(request) : pass.status();
  if (admitted.ok()) admitted = track.MayBegin();
  if (admitted.ok()) return handler(std::move(track), *std::move(pass));
  track.Refuse(admitted);
  return new Closed<grpc::ServerWriteReactor<Response>>(admitted);
}

// Every method by callbacks, and those that take batches with their bytes.
using Contacts = v1::ContactService;
using ContactsWithRawBatches = Contacts::WithCallbackMethod_CheckAndConsume<
    Contacts::WithRawCallbackMethod_BatchCheckAndConsume<
        Contacts::WithRawCallbackMethod_StreamCheckAndConsume<Contacts::WithCallbackMethod_Check<
            Contacts::WithCallbackMethod_ConfirmPermit<Contacts::WithCallbackMethod_ReleasePermit<
                Contacts::WithCallbackMethod_ReportOutcome<Contacts::Service>>>>>>>;

class GatedContacts : public ContactsWithRawBatches {
 public:
  GatedContacts(const Gate& gate, const Context& context, ContactService& handlers)
      : gate_(gate), context_(context), handlers_(handlers) {}

  grpc::ServerUnaryReactor* CheckAndConsume(grpc::CallbackServerContext* call,
                                            const v1::CheckAndConsumeRequest* request,
                                            v1::CheckAndConsumeResponse* response) override {
    return Enter(gate_, call, *request, [&](UnaryCall* entered) {
      handlers_.CheckAndConsume(entered, request, response);
    });
  }
  grpc::ServerUnaryReactor* BatchCheckAndConsume(grpc::CallbackServerContext* call,
                                                 const grpc::ByteBuffer* bytes,
                                                 grpc::ByteBuffer* answer) override {
    return EnterBulk<v1::BatchCheckAndConsumeRequest, v1::BatchCheckAndConsumeResponse>(
        gate_, *context_.bulk, call, *bytes, *answer, kItemBytes,
        [this](UnaryCall* entered, const auto* request, auto* response) {
          handlers_.BatchCheckAndConsume(entered, request, response);
        });
  }
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StreamCheckAndConsume(
      grpc::CallbackServerContext* call) override {
    using Request = v1::StreamCheckAndConsumeRequest;
    CallTrack track(gate_.observer(), MethodTaking<Request>(), *call);
    absl::StatusOr<Pass> pass =
        gate_.Open(*call, *Request::descriptor(), Callers::Kind::kStream, track.guest);
    if (pass.ok()) return new ContactStream(std::move(track), context_, *std::move(pass));
    track.Refuse(pass.status());
    return new Closed<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>>(pass.status());
  }
  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* call,
                                  const v1::CheckRequest* request,
                                  v1::CheckResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.Check(entered, request, response); });
  }
  grpc::ServerUnaryReactor* ConfirmPermit(grpc::CallbackServerContext* call,
                                          const v1::ConfirmPermitRequest* request,
                                          v1::ConfirmPermitResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.ConfirmPermit(entered, request, response); });
  }
  grpc::ServerUnaryReactor* ReleasePermit(grpc::CallbackServerContext* call,
                                          const v1::ReleasePermitRequest* request,
                                          v1::ReleasePermitResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.ReleasePermit(entered, request, response); });
  }
  grpc::ServerUnaryReactor* ReportOutcome(grpc::CallbackServerContext* call,
                                          const v1::ReportOutcomeRequest* request,
                                          v1::ReportOutcomeResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.ReportOutcome(entered, request, response); });
  }

 private:
  const Gate& gate_;
  const Context& context_;
  ContactService& handlers_;
};

class GatedGrants : public v1::GrantService::WithRawCallbackMethod_RecordStatements<
                        v1::GrantService::CallbackService> {
 public:
  GatedGrants(const Gate& gate, Bulk& bulk, GrantService& handlers)
      : gate_(gate), bulk_(bulk), handlers_(handlers) {}

  grpc::ServerUnaryReactor* RecordStatements(grpc::CallbackServerContext* call,
                                             const grpc::ByteBuffer* bytes,
                                             grpc::ByteBuffer* answer) override {
    return EnterBulk<v1::RecordStatementsRequest, v1::RecordStatementsResponse>(
        gate_, bulk_, call, *bytes, *answer, kStatementBytes,
        [this](UnaryCall* entered, const auto* request, auto* response) {
          handlers_.RecordStatements(entered, request, response);
        });
  }
  grpc::ServerUnaryReactor* GetConsumerView(grpc::CallbackServerContext* call,
                                            const v1::GetConsumerViewRequest* request,
                                            v1::GetConsumerViewResponse* response) override {
    return Enter(gate_, call, *request, [&](UnaryCall* entered) {
      handlers_.GetConsumerView(entered, request, response);
    });
  }
  grpc::ServerUnaryReactor* EraseConsumer(grpc::CallbackServerContext* call,
                                          const v1::EraseConsumerRequest* request,
                                          v1::EraseConsumerResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.EraseConsumer(entered, request, response); });
  }

 private:
  const Gate& gate_;
  Bulk& bulk_;
  GrantService& handlers_;
};

class GatedDirectory : public v1::DirectoryService::WithRawCallbackMethod_RecordListings<
                           v1::DirectoryService::CallbackService> {
 public:
  GatedDirectory(const Gate& gate, Bulk& bulk, DirectoryService& handlers)
      : gate_(gate), bulk_(bulk), handlers_(handlers) {}

  grpc::ServerUnaryReactor* GetLedger(grpc::CallbackServerContext* call,
                                      const v1::GetLedgerRequest* request,
                                      v1::GetLedgerResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.GetLedger(entered, request, response); });
  }
  grpc::ServerUnaryReactor* PutParty(grpc::CallbackServerContext* call,
                                     const v1::PutPartyRequest* request,
                                     v1::PutPartyResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.PutParty(entered, request, response); });
  }
  grpc::ServerUnaryReactor* AddKey(grpc::CallbackServerContext* call,
                                   const v1::AddKeyRequest* request,
                                   v1::AddKeyResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.AddKey(entered, request, response); });
  }
  grpc::ServerUnaryReactor* RetireKey(grpc::CallbackServerContext* call,
                                      const v1::RetireKeyRequest* request,
                                      v1::RetireKeyResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.RetireKey(entered, request, response); });
  }
  grpc::ServerUnaryReactor* ListParties(grpc::CallbackServerContext* call,
                                        const v1::ListPartiesRequest* request,
                                        v1::ListPartiesResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.ListParties(entered, request, response); });
  }
  grpc::ServerUnaryReactor* GetParty(grpc::CallbackServerContext* call,
                                     const v1::GetPartyRequest* request,
                                     v1::GetPartyResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.GetParty(entered, request, response); });
  }
  grpc::ServerUnaryReactor* PutRulePack(grpc::CallbackServerContext* call,
                                        const v1::PutRulePackRequest* request,
                                        v1::PutRulePackResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.PutRulePack(entered, request, response); });
  }
  grpc::ServerUnaryReactor* RetireRulePack(grpc::CallbackServerContext* call,
                                           const v1::RetireRulePackRequest* request,
                                           v1::RetireRulePackResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.RetireRulePack(entered, request, response); });
  }
  grpc::ServerUnaryReactor* ListRulePacks(grpc::CallbackServerContext* call,
                                          const v1::ListRulePacksRequest* request,
                                          v1::ListRulePacksResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.ListRulePacks(entered, request, response); });
  }
  grpc::ServerUnaryReactor* RegisterNumber(grpc::CallbackServerContext* call,
                                           const v1::RegisterNumberRequest* request,
                                           v1::RegisterNumberResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.RegisterNumber(entered, request, response); });
  }
  grpc::ServerUnaryReactor* RetireNumber(grpc::CallbackServerContext* call,
                                         const v1::RetireNumberRequest* request,
                                         v1::RetireNumberResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.RetireNumber(entered, request, response); });
  }
  grpc::ServerUnaryReactor* FindNumber(grpc::CallbackServerContext* call,
                                       const v1::FindNumberRequest* request,
                                       v1::FindNumberResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.FindNumber(entered, request, response); });
  }
  grpc::ServerUnaryReactor* Delegate(grpc::CallbackServerContext* call,
                                     const v1::DelegateRequest* request,
                                     v1::DelegateResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.Delegate(entered, request, response); });
  }
  grpc::ServerUnaryReactor* RevokeDelegation(grpc::CallbackServerContext* call,
                                             const v1::RevokeDelegationRequest* request,
                                             v1::RevokeDelegationResponse* response) override {
    return Enter(gate_, call, *request, [&](UnaryCall* entered) {
      handlers_.RevokeDelegation(entered, request, response);
    });
  }
  grpc::ServerUnaryReactor* RecordListings(grpc::CallbackServerContext* call,
                                           const grpc::ByteBuffer* bytes,
                                           grpc::ByteBuffer* answer) override {
    return EnterBulk<v1::RecordListingsRequest, v1::RecordListingsResponse>(
        gate_, bulk_, call, *bytes, *answer, kItemBytes,
        [this](UnaryCall* entered, const auto* request, auto* response) {
          handlers_.RecordListings(entered, request, response);
        });
  }
  grpc::ServerUnaryReactor* ImportList(grpc::CallbackServerContext* call,
                                       const v1::ImportListRequest* request,
                                       v1::ImportListResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.ImportList(entered, request, response); });
  }

 private:
  const Gate& gate_;
  Bulk& bulk_;
  DirectoryService& handlers_;
};

class GatedJournals : public v1::JournalService::CallbackService {
 public:
  GatedJournals(const Gate& gate, JournalService& handlers) : gate_(gate), handlers_(handlers) {}

  grpc::ServerWriteReactor<v1::StreamEntriesResponse>* StreamEntries(
      grpc::CallbackServerContext* call, const v1::StreamEntriesRequest* request) override {
    return EnterStream<v1::StreamEntriesResponse>(
        gate_, call, *request, [&](CallTrack track, Pass pass) {
          return handlers_.StreamEntries(std::move(track), std::move(pass), request);
        });
  }
  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* call,
                                          const v1::GetCheckpointRequest* request,
                                          v1::GetCheckpointResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.GetCheckpoint(entered, request, response); });
  }
  grpc::ServerUnaryReactor* GetTile(grpc::CallbackServerContext* call,
                                    const v1::GetTileRequest* request,
                                    v1::GetTileResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.GetTile(entered, request, response); });
  }
  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* call,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::GetInclusionProofResponse* response) override {
    return Enter(gate_, call, *request, [&](UnaryCall* entered) {
      handlers_.GetInclusionProof(entered, request, response);
    });
  }
  grpc::ServerUnaryReactor* GetConsistencyProof(
      grpc::CallbackServerContext* call, const v1::GetConsistencyProofRequest* request,
      v1::GetConsistencyProofResponse* response) override {
    return Enter(gate_, call, *request, [&](UnaryCall* entered) {
      handlers_.GetConsistencyProof(entered, request, response);
    });
  }
  grpc::ServerUnaryReactor* GetReceipt(grpc::CallbackServerContext* call,
                                       const v1::GetReceiptRequest* request,
                                       v1::GetReceiptResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.GetReceipt(entered, request, response); });
  }
  grpc::ServerWriteReactor<v1::GetDossierResponse>* GetDossier(
      grpc::CallbackServerContext* call, const v1::GetDossierRequest* request) override {
    return EnterStream<v1::GetDossierResponse>(
        gate_, call, *request, [&](CallTrack track, Pass pass) {
          return handlers_.GetDossier(std::move(track), std::move(pass), request);
        });
  }

 private:
  const Gate& gate_;
  JournalService& handlers_;
};

class GatedAdmin : public v1::AdminService::CallbackService {
 public:
  GatedAdmin(const Gate& gate, AdminService& handlers) : gate_(gate), handlers_(handlers) {}

  grpc::ServerUnaryReactor* MakeBackup(grpc::CallbackServerContext* call,
                                       const v1::MakeBackupRequest* request,
                                       v1::MakeBackupResponse* response) override {
    return Enter(gate_, call, *request,
                 [&](UnaryCall* entered) { handlers_.MakeBackup(entered, response); });
  }

 private:
  const Gate& gate_;
  AdminService& handlers_;
};

}  // namespace consent::api

#endif  // CONSENT_API_GATED_SERVICES_H_
