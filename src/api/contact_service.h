// SPDX-License-Identifier: Apache-2.0
//
// ContactService: decodes, queues, encodes. Decides nothing. Its streams: contact_stream.h.
//
// Threads: gRPC's own run the handlers; answers are finished on the answerer's thread, those with a
// receipt or a signed permit on a prover's.

#ifndef CONSENT_API_CONTACT_SERVICE_H_
#define CONSENT_API_CONTACT_SERVICE_H_

#include "consent/v1/contact_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/api/readers.h"
#include "src/api/under_way.h"

namespace consent::api {

class ContactService {
 public:
  ContactService(const Context& context, Readers& provers) : context_(context), provers_(provers) {}

  void CheckAndConsume(UnaryCall* call, const v1::CheckAndConsumeRequest* request,
                       v1::CheckAndConsumeResponse* response);
  void BatchCheckAndConsume(UnaryCall* call, const v1::BatchCheckAndConsumeRequest* request,
                            v1::BatchCheckAndConsumeResponse* response);
  void Check(UnaryCall* call, const v1::CheckRequest* request, v1::CheckResponse* response);
  void ConfirmPermit(UnaryCall* call, const v1::ConfirmPermitRequest* request,
                     v1::ConfirmPermitResponse* response);
  void ReleasePermit(UnaryCall* call, const v1::ReleasePermitRequest* request,
                     v1::ReleasePermitResponse* response);
  void ReportOutcome(UnaryCall* call, const v1::ReportOutcomeRequest* request,
                     v1::ReportOutcomeResponse* response);

 private:
  const Context& context_;
  Readers& provers_;  // Make receipts and sign permits.
};

}  // namespace consent::api

#endif  // CONSENT_API_CONTACT_SERVICE_H_
