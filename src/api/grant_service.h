// SPDX-License-Identifier: Apache-2.0
//
// GrantService: takes in signed statements, shows consumers what is known of them, and erases them
// when they order it.
//
// Threads: signatures are verified on gRPC's threads, answers finished on the committer's.

#ifndef CONSENT_API_GRANT_SERVICE_H_
#define CONSENT_API_GRANT_SERVICE_H_

#include "consent/v1/grant_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/api/freshness.h"
#include "src/api/readers.h"
#include "src/api/under_way.h"

namespace consent::api {

class GrantService {
 public:
  static constexpr int kStatementsMax = 1000;

  GrantService(const Context& context, Readers& readers)
      : context_(context), readers_(readers), freshness_(context.clock) {}

  void RecordStatements(UnaryCall* call, const v1::RecordStatementsRequest* request,
                        v1::RecordStatementsResponse* response);
  void GetConsumerView(UnaryCall* call, const v1::GetConsumerViewRequest* request,
                       v1::GetConsumerViewResponse* response);
  void EraseConsumer(UnaryCall* call, const v1::EraseConsumerRequest* request,
                     v1::EraseConsumerResponse* response);

 private:
  const Context& context_;
  Readers& readers_;
  Freshness freshness_;
};

}  // namespace consent::api

#endif  // CONSENT_API_GRANT_SERVICE_H_
