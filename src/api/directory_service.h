// SPDX-License-Identifier: Apache-2.0
//
// DirectoryService: translation to and from the directory's shard.

#ifndef CONSENT_API_DIRECTORY_SERVICE_H_
#define CONSENT_API_DIRECTORY_SERVICE_H_

#include "consent/v1/directory_service.grpc.pb.h"
#include "src/api/context.h"

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

 private:
  const Context& context_;
};

}  // namespace consent::api

#endif  // CONSENT_API_DIRECTORY_SERVICE_H_
