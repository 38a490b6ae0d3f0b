// SPDX-License-Identifier: Apache-2.0
//
// DirectoryService: translation to and from the directory's shard.

#ifndef CONSENT_API_DIRECTORY_SERVICE_H_
#define CONSENT_API_DIRECTORY_SERVICE_H_

#include "consent/v1/directory_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/api/under_way.h"
#include "src/directory/directory.h"

namespace consent::api {

class DirectoryService {
 public:
  static constexpr int kPageMax = 1000;

  explicit DirectoryService(const Context& context) : context_(context) {}

  void GetLedger(UnaryCall* call, const v1::GetLedgerRequest* request,
                 v1::GetLedgerResponse* response);
  void PutParty(UnaryCall* call, const v1::PutPartyRequest* request,
                v1::PutPartyResponse* response);
  void AddKey(UnaryCall* call, const v1::AddKeyRequest* request, v1::AddKeyResponse* response);
  void RetireKey(UnaryCall* call, const v1::RetireKeyRequest* request,
                 v1::RetireKeyResponse* response);
  void ListParties(UnaryCall* call, const v1::ListPartiesRequest* request,
                   v1::ListPartiesResponse* response);
  void GetParty(UnaryCall* call, const v1::GetPartyRequest* request,
                v1::GetPartyResponse* response);
  void PutRulePack(UnaryCall* call, const v1::PutRulePackRequest* request,
                   v1::PutRulePackResponse* response);
  void RetireRulePack(UnaryCall* call, const v1::RetireRulePackRequest* request,
                      v1::RetireRulePackResponse* response);
  void ListRulePacks(UnaryCall* call, const v1::ListRulePacksRequest* request,
                     v1::ListRulePacksResponse* response);
  void RegisterNumber(UnaryCall* call, const v1::RegisterNumberRequest* request,
                      v1::RegisterNumberResponse* response);
  void RetireNumber(UnaryCall* call, const v1::RetireNumberRequest* request,
                    v1::RetireNumberResponse* response);
  void FindNumber(UnaryCall* call, const v1::FindNumberRequest* request,
                  v1::FindNumberResponse* response);
  void Delegate(UnaryCall* call, const v1::DelegateRequest* request,
                v1::DelegateResponse* response);
  void RevokeDelegation(UnaryCall* call, const v1::RevokeDelegationRequest* request,
                        v1::RevokeDelegationResponse* response);
  void RecordListings(UnaryCall* call, const v1::RecordListingsRequest* request,
                      v1::RecordListingsResponse* response);
  void ImportList(UnaryCall* call, const v1::ImportListRequest* request,
                  v1::ImportListResponse* response);

 private:
  // Makes a change and answers with its entry.
  void Change(UnaryCall* call, directory::DirectoryEvent event, v1::DirectoryEntry* entry);

  const Context& context_;
};

void EncodeParty(const directory::Party& party, v1::PartyView* out);

}  // namespace consent::api

#endif  // CONSENT_API_DIRECTORY_SERVICE_H_
