// SPDX-License-Identifier: Apache-2.0
//
// AdminService: what is done to the whole ledger, for whoever runs it.

#ifndef CONSENT_API_ADMIN_SERVICE_H_
#define CONSENT_API_ADMIN_SERVICE_H_

#include "consent/v1/admin_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/api/readers.h"
#include "src/api/under_way.h"

namespace consent::api {

class AdminService {
 public:
  // Backups are made on `workers`' threads.
  AdminService(const Context& context, Readers& workers) : context_(context), workers_(workers) {}

  void MakeBackup(UnaryCall* call, v1::MakeBackupResponse* response);

 private:
  const Context& context_;
  Readers& workers_;
};

}  // namespace consent::api

#endif  // CONSENT_API_ADMIN_SERVICE_H_
