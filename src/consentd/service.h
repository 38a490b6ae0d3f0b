// SPDX-License-Identifier: Apache-2.0
//
// Service: store, keys, ledger and server, put together in this order and taken apart in reverse.
// Which store it serves from, the caller says: the program takes OpenStore.

#ifndef CONSENT_CONSENTD_SERVICE_H_
#define CONSENT_CONSENTD_SERVICE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/api/server.h"
#include "src/base/clock.h"
#include "src/consentd/config.h"
#include "src/consentd/credential_files.h"
#include "src/consentd/keys.h"
#include "src/consentd/log_source.h"
#include "src/consentd/witness_circle.h"
#include "src/http/server.h"
#include "src/ledger/guard.h"
#include "src/ledger/ledger.h"
#include "src/store/store.h"

namespace consent::consentd {

// RocksDB in DATA/store; made if it is missing. Where it fails later, the process ends (ending.h).
absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const Config& config);

class Service {
 public:
  // Opens the store to serve from. Called once, when the settings are known to be good and DATA is
  // there.
  using StoreOpener =
      std::function<absl::StatusOr<std::unique_ptr<store::Store>>(const Config& config)>;

  // Opens everything and serves. Writes the ports to DATA/grpc.port and DATA/http.port, for
  // scripts.
  static absl::StatusOr<std::unique_ptr<Service>> Start(const Config& config,
                                                        const StoreOpener& open_store);

  int port() const { return server_->port(); }
  // 0 where HTTP is not spoken.
  int http_port() const { return http_ == nullptr ? 0 : http_->port(); }
  const std::string& origin() const { return ledger_->origin(); }
  // Whether callers are authenticated, and what they send encrypted.
  bool is_protected() const { return credential_files_ != nullptr; }
  // What the store has written since Start.
  store::Statistics writes() const { return store_->statistics(); }

  // Takes no new calls, answers those under way, writes everything behind.
  void Stop(int drain_seconds);

 private:
  Service() = default;
  absl::Status StartHttp(const Config& config);

  SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Keys> keys_;
  std::unique_ptr<CredentialFiles> credential_files_;  // Null in development mode.
  std::unique_ptr<ledger::Guard> guard_;               // Null where none is configured.
  std::unique_ptr<WitnessCircle> witnesses_;           // Null where none are configured.
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<api::Server> server_;
  std::unique_ptr<LedgerLogs> logs_;
  std::unique_ptr<http::Server> http_;  // Null where HTTP is not spoken.
};

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_SERVICE_H_
