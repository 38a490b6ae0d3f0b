// SPDX-License-Identifier: Apache-2.0
//
// Server: the services of a ledger, listening.

#ifndef CONSENT_API_SERVER_H_
#define CONSENT_API_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "src/api/admin_service.h"
#include "src/api/bulk.h"
#include "src/api/connections.h"
#include "src/api/contact_service.h"
#include "src/api/context.h"
#include "src/api/directory_service.h"
#include "src/api/gate.h"
#include "src/api/gated_services.h"
#include "src/api/grant_service.h"
#include "src/api/journal_service.h"
#include "src/api/readers.h"
#include "src/api/strangers.h"
#include "src/crypto/tls_server.h"

namespace consent::api {

// No message is larger; a batch of 1,000 items is well below.
inline constexpr int kMessageBytesMax = 4 * 1024 * 1024;
// Of one connection.
inline constexpr int kStreamsPerConnectionMax = 512;
// Of a stream that its handler has not read yet.
inline constexpr int kStreamBytesMax = 256 << 10;
inline constexpr int kMetadataBytesMax = 16 * 1024;
inline constexpr int kHandshakeSeconds = 10;  // Hands not shaken by then are let go.
inline constexpr int kIdleSeconds = 600;      // A connection without calls is ended, politely.
// A client that pings more often without calls to speak of is told so, and twice later gone.
inline constexpr int kPingSecondsMin = 60;
// What messages that come and go may hold at once, of all connections.
inline constexpr size_t kMessageMemoryMax = 512 << 20;

struct ServerOptions {
  // Whose TLS is spoken; outlives the server. Null: none is.
  const crypto::CurrentTls* tls = nullptr;
  CallerLimits callers = {};
  ConnectionLimits connections = {};
  uint32_t strangers_per_day = 0;  // strangers.h; 0: nobody is counted.
};

class Server {
 public:
  // Listens on `address` ("127.0.0.1:7420", "[::1]:7420", "localhost:7420"; port 0 takes a free
  // one). InvalidArgument for an address that is not a loopback one where nothing is encrypted or
  // nobody authenticated; Unavailable when the port is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Context& context,
                                                       const std::string& address,
                                                       const ServerOptions& options = {});
  ~Server();

  int port() const { return connections_->port(); }
  // How many calls were refused because their caller had enough.
  Callers::Refusals refusals() const { return gate_.refusals(); }

  // A channel to this server that no socket lies in between: for callers in this process, such as
  // another port that speaks another protocol. No call may begin on it once Drain was called:
  // gRPC's in-process transport does not survive that.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Says NOT_SERVING on the health service, takes no new calls, and waits for those under way, at
  // most `patience`.
  void Drain(absl::Duration patience);

 private:
  Server(const Context& context, const ServerOptions& options);

  Strangers strangers_;
  Bulk bulk_;
  const Context context_;
  Readers readers_;  // Long reads: histories, streams of entries.
  Readers provers_;  // Short work: receipts, proofs, permits.
  ContactService contacts_;
  GrantService grants_;
  DirectoryService directory_;
  JournalService journals_;
  Readers backups_;  // So that nobody waits behind a backup.
  AdminService admin_;
  const Gate gate_;
  GatedContacts gated_contacts_;
  GatedGrants gated_grants_;
  GatedDirectory gated_directory_;
  GatedJournals gated_journals_;
  GatedAdmin gated_admin_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Connections> connections_;  // Last: it hands them to the server.
};

}  // namespace consent::api

#endif  // CONSENT_API_SERVER_H_
