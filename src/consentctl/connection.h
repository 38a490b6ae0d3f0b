// SPDX-License-Identifier: Apache-2.0
//
// Connection: a ledger, seen from the command line. Every call has a deadline.
//
// Threads: Call may be used from several at once.

#ifndef CONSENT_CONSENTCTL_CONNECTION_H_
#define CONSENT_CONSENTCTL_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "consent/v1/admin_service.grpc.pb.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "consent/v1/directory_service.grpc.pb.h"
#include "consent/v1/grant_service.grpc.pb.h"
#include "consent/v1/journal_service.grpc.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"

namespace consent::ctl {

class Connection {
 public:
  // Opens nothing yet: the first call connects. BadInput for an address or timeout that cannot be
  // one.
  static absl::StatusOr<Connection> To(const Session& session);

  v1::ContactService::Stub& contacts() const { return *contacts_; }
  v1::GrantService::Stub& grants() const { return *grants_; }
  v1::DirectoryService::Stub& directory() const { return *directory_; }
  v1::JournalService::Stub& journals() const { return *journals_; }
  v1::AdminService::Stub& admin() const { return *admin_; }
  const std::string& server() const { return server_; }
  absl::Duration timeout() const { return timeout_; }

  // connection.Call(connection.contacts(), &v1::ContactService::Stub::Check, request)
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Stub& stub,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    grpc::ClientContext context;
    Trace(context);
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout_));
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return FromRpc(status, server_);
    return response;
  }

  // Says which trace a call belongs to, where that is known.
  void Trace(grpc::ClientContext& context) const;

  // OK while the ledger serves, by gRPC's health service.
  absl::Status CheckServing() const;

  // The ledger's origin: the audience of statements for it.
  absl::StatusOr<std::string> Origin() const;

 private:
  Connection() = default;

  std::string server_;
  std::shared_ptr<grpc::Channel> channel_;
  absl::Duration timeout_;
  std::string traceparent_;  // Empty: none.
  std::unique_ptr<v1::ContactService::Stub> contacts_;
  std::unique_ptr<v1::GrantService::Stub> grants_;
  std::unique_ptr<v1::DirectoryService::Stub> directory_;
  std::unique_ptr<v1::JournalService::Stub> journals_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_CONNECTION_H_
