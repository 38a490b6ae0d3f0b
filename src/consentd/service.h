// SPDX-License-Identifier: Apache-2.0
//
// Service: store, keys, ledger and server, put together in this order and taken apart in reverse.
// Which store it serves from, the caller says: the program takes OpenStore.

#ifndef CONSENT_CONSENTD_SERVICE_H_
#define CONSENT_CONSENTD_SERVICE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/api/server.h"
#include "src/base/clock.h"
#include "src/consentd/backup_clerk.h"
#include "src/consentd/config.h"
#include "src/consentd/credential_files.h"
#include "src/consentd/log_source.h"
#include "src/consentd/resealing.h"
#include "src/consentd/witness_circle.h"
#include "src/http/server.h"
#include "src/journal/sealed_store.h"
#include "src/keys/keys.h"
#include "src/ledger/guard.h"
#include "src/ledger/ledger.h"
#include "src/observe/endpoint.h"
#include "src/observe/observation.h"
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

  // Opens everything and serves. Writes the ports to DATA/grpc.port, http.port and metrics.port,
  // for scripts.
  static absl::StatusOr<std::unique_ptr<Service>> Start(const Config& config,
                                                        const StoreOpener& open_store);

  int port() const { return server_->port(); }
  // 0 where HTTP is not spoken.
  int http_port() const { return http_ == nullptr ? 0 : http_->port(); }
  // 0 where metrics are not shown.
  int metrics_port() const { return metrics_ == nullptr ? 0 : metrics_->port(); }
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
  absl::Status StartMetrics(const Config& config);
  void Show(const Config& config, observe::Page& page) const;

  SystemClock clock_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<observe::Observation> observation_;
  std::atomic<observe::Observation*> auditor_{nullptr};  // It, once it is there.
  std::unique_ptr<keys::Keys> keys_;
  std::unique_ptr<journal::SealedStore> sealed_;  // What everything works on.
  std::unique_ptr<Resealing> resealing_;
  std::unique_ptr<CredentialFiles> credential_files_;  // Null in development mode.
  std::unique_ptr<ledger::Guard> guard_;               // Null where none is configured.
  std::unique_ptr<WitnessCircle> witnesses_;           // Null where none are configured.
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<BackupClerk> backups_;  // Null where no folder is configured.
  std::unique_ptr<api::Server> server_;
  std::unique_ptr<LedgerLogs> logs_;
  std::unique_ptr<http::Server> http_;          // Null where HTTP is not spoken.
  std::unique_ptr<observe::Endpoint> metrics_;  // Null where none are shown.
};

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_SERVICE_H_
