// SPDX-License-Identifier: Apache-2.0
//
// Server: the ledger's HTTP port. Logs as static files for auditors (static_tree.h), unary methods
// for whoever speaks no gRPC (connect.h), health (health.h), and a page that says what stands
// where.

#ifndef CONSENT_HTTP_SERVER_H_
#define CONSENT_HTTP_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/http/connect.h"
#include "src/http/listener.h"
#include "src/http/log_source.h"
#include "src/http/message.h"

namespace consent::http {

struct ServerOptions {
  ListenerOptions listener = {};
  ConnectOptions connect = {};
  // Outlives the server; none: no logs are served.
  LogSource* logs = nullptr;
  // The public keys of signed permits, as a JSON Web Key Set; empty: none are served.
  std::string jwks = {};
};

class Server {
 public:
  // Serves from now on; errors as Listener::Start.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options);
  ~Server();

  int port() const { return listener_->port(); }

  // Returns when all calls under way are answered; call it before the channel's server is stopped.
  void Stop() { listener_->Stop(); }

 private:
  explicit Server(ServerOptions options);
  Response Answer(const Request& request) const;

  const ServerOptions options_;
  const Connect connect_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_SERVER_H_
