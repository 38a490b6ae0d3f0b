// SPDX-License-Identifier: Apache-2.0
//
// DirectoryService: translation to and from the directory's shard.

#ifndef CONSENT_API_DIRECTORY_SERVICE_H_
#define CONSENT_API_DIRECTORY_SERVICE_H_

#include "consent/v1/directory_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/directory/directory.h"

namespace consent::api {

class DirectoryService : public v1::DirectoryService::CallbackService {
 public:
  static constexpr int kPageMax = 1000;

  explicit DirectoryService(const Context& context) : context_(context) {}

  grpc::ServerUnaryReactor* GetLedger(grpc::CallbackServerContext* call,
                                      const v1::GetLedgerRequest* request,
                                      v1::GetLedgerResponse* response) override;
  grpc::ServerUnaryReactor* PutParty(grpc::CallbackServerContext* call,
                                     const v1::PutPartyRequest* request,
                                     v1::PutPartyResponse* response) override;
  grpc::ServerUnaryReactor* AddKey(grpc::CallbackServerContext* call,
                                   const v1::AddKeyRequest* request,
                                   v1::AddKeyResponse* response) override;
  grpc::ServerUnaryReactor* RetireKey(grpc::CallbackServerContext* call,
                                      const v1::RetireKeyRequest* request,
                                      v1::RetireKeyResponse* response) override;
  grpc::ServerUnaryReactor* ListParties(grpc::CallbackServerContext* call,
                                        const v1::ListPartiesRequest* request,
                                        v1::ListPartiesResponse* response) override;
  grpc::ServerUnaryReactor* GetParty(grpc::CallbackServerContext* call,
                                     const v1::GetPartyRequest* request,
                                     v1::GetPartyResponse* response) override;
  grpc::ServerUnaryReactor* PutRulePack(grpc::CallbackServerContext* call,
                                        const v1::PutRulePackRequest* request,
                                        v1::PutRulePackResponse* response) override;
  grpc::ServerUnaryReactor* RetireRulePack(grpc::CallbackServerContext* call,
                                           const v1::RetireRulePackRequest* request,
                                           v1::RetireRulePackResponse* response) override;
  grpc::ServerUnaryReactor* ListRulePacks(grpc::CallbackServerContext* call,
                                          const v1::ListRulePacksRequest* request,
                                          v1::ListRulePacksResponse* response) override;
  grpc::ServerUnaryReactor* RegisterNumber(grpc::CallbackServerContext* call,
                                           const v1::RegisterNumberRequest* request,
                                           v1::RegisterNumberResponse* response) override;
  grpc::ServerUnaryReactor* RetireNumber(grpc::CallbackServerContext* call,
                                         const v1::RetireNumberRequest* request,
                                         v1::RetireNumberResponse* response) override;
  grpc::ServerUnaryReactor* FindNumber(grpc::CallbackServerContext* call,
                                       const v1::FindNumberRequest* request,
                                       v1::FindNumberResponse* response) override;
  grpc::ServerUnaryReactor* Delegate(grpc::CallbackServerContext* call,
                                     const v1::DelegateRequest* request,
                                     v1::DelegateResponse* response) override;
  grpc::ServerUnaryReactor* RevokeDelegation(grpc::CallbackServerContext* call,
                                             const v1::RevokeDelegationRequest* request,
                                             v1::RevokeDelegationResponse* response) override;
  grpc::ServerUnaryReactor* RecordListings(grpc::CallbackServerContext* call,
                                           const v1::RecordListingsRequest* request,
                                           v1::RecordListingsResponse* response) override;
  grpc::ServerUnaryReactor* ImportList(grpc::CallbackServerContext* call,
                                       const v1::ImportListRequest* request,
                                       v1::ImportListResponse* response) override;

 private:
  // Makes a change and answers with its entry.
  grpc::ServerUnaryReactor* Change(grpc::CallbackServerContext* call,
                                   directory::DirectoryEvent event, v1::DirectoryEntry* entry);

  const Context& context_;
};

// Ends a call that is refused.
grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* call, const absl::Status& status);

void EncodeParty(const directory::Party& party, v1::PartyView* out);

}  // namespace consent::api

#endif  // CONSENT_API_DIRECTORY_SERVICE_H_
