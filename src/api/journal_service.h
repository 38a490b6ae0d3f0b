// SPDX-License-Identifier: Apache-2.0
//
// JournalService: entries for auditors, as they lie in the store.

#ifndef CONSENT_API_JOURNAL_SERVICE_H_
#define CONSENT_API_JOURNAL_SERVICE_H_

#include "consent/v1/journal_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/api/readers.h"

namespace consent::api {

class JournalService : public v1::JournalService::CallbackService {
 public:
  JournalService(const Context& context, Readers& readers) : context_(context), readers_(readers) {}

  grpc::ServerWriteReactor<v1::StreamEntriesResponse>* StreamEntries(
      grpc::CallbackServerContext* call, const v1::StreamEntriesRequest* request) override;

 private:
  const Context& context_;
  Readers& readers_;
};

}  // namespace consent::api

#endif  // CONSENT_API_JOURNAL_SERVICE_H_
