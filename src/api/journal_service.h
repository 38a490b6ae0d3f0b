// SPDX-License-Identifier: Apache-2.0
//
// JournalService: the journals as transparency logs, for auditors.

#ifndef CONSENT_API_JOURNAL_SERVICE_H_
#define CONSENT_API_JOURNAL_SERVICE_H_

#include "consent/v1/journal_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/api/readers.h"
#include "src/api/under_way.h"

namespace consent::api {

class JournalService {
 public:
  JournalService(const Context& context, Readers& readers, Readers& provers)
      : context_(context), readers_(readers), provers_(provers) {}

  grpc::ServerWriteReactor<v1::StreamEntriesResponse>* StreamEntries(
      CallTrack track, Pass pass, const v1::StreamEntriesRequest* request);
  void GetCheckpoint(UnaryCall* call, const v1::GetCheckpointRequest* request,
                     v1::GetCheckpointResponse* response);
  void GetTile(UnaryCall* call, const v1::GetTileRequest* request, v1::GetTileResponse* response);
  void GetInclusionProof(UnaryCall* call, const v1::GetInclusionProofRequest* request,
                         v1::GetInclusionProofResponse* response);
  void GetConsistencyProof(UnaryCall* call, const v1::GetConsistencyProofRequest* request,
                           v1::GetConsistencyProofResponse* response);
  void GetReceipt(UnaryCall* call, const v1::GetReceiptRequest* request,
                  v1::GetReceiptResponse* response);
  grpc::ServerWriteReactor<v1::GetDossierResponse>* GetDossier(
      CallTrack track, Pass pass, const v1::GetDossierRequest* request);

 private:
  // Runs `work` on a prover's thread and finishes with what it returns.
  template <class Work>
  void Prove(UnaryCall* call, Work work);

  const Context& context_;
  Readers& readers_;
  Readers& provers_;
};

}  // namespace consent::api

#endif  // CONSENT_API_JOURNAL_SERVICE_H_
