// SPDX-License-Identifier: Apache-2.0
//
// JournalService: the journals as transparency logs, for auditors.

#ifndef CONSENT_API_JOURNAL_SERVICE_H_
#define CONSENT_API_JOURNAL_SERVICE_H_

#include "consent/v1/journal_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/api/readers.h"

namespace consent::api {

class JournalService : public v1::JournalService::CallbackService {
 public:
  JournalService(const Context& context, Readers& readers, Readers& provers)
      : context_(context), readers_(readers), provers_(provers) {}

  grpc::ServerWriteReactor<v1::StreamEntriesResponse>* StreamEntries(
      grpc::CallbackServerContext* call, const v1::StreamEntriesRequest* request) override;
  grpc::ServerUnaryReactor* GetCheckpoint(grpc::CallbackServerContext* call,
                                          const v1::GetCheckpointRequest* request,
                                          v1::GetCheckpointResponse* response) override;
  grpc::ServerUnaryReactor* GetTile(grpc::CallbackServerContext* call,
                                    const v1::GetTileRequest* request,
                                    v1::GetTileResponse* response) override;
  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* call,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::GetInclusionProofResponse* response) override;
  grpc::ServerUnaryReactor* GetConsistencyProof(grpc::CallbackServerContext* call,
                                                const v1::GetConsistencyProofRequest* request,
                                                v1::GetConsistencyProofResponse* response) override;
  grpc::ServerUnaryReactor* GetReceipt(grpc::CallbackServerContext* call,
                                       const v1::GetReceiptRequest* request,
                                       v1::GetReceiptResponse* response) override;
  grpc::ServerWriteReactor<v1::GetDossierResponse>* GetDossier(
      grpc::CallbackServerContext* call, const v1::GetDossierRequest* request) override;

 private:
  // Runs `work` on a prover's thread and finishes with what it returns.
  template <class Work>
  grpc::ServerUnaryReactor* Prove(grpc::CallbackServerContext* call, Work work);

  const Context& context_;
  Readers& readers_;
  Readers& provers_;
};

}  // namespace consent::api

#endif  // CONSENT_API_JOURNAL_SERVICE_H_
