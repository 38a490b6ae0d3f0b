// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/service.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/machine_memory.h"
#include "src/base/status_macros.h"
#include "src/consentd/ending.h"
#include "src/consentd/exposure.h"
#include "src/consentd/log.h"
#include "src/observe/ledger_page.h"
#include "src/observe/process.h"
#include "src/store/rocksdb_store.h"

namespace consent::consentd {
namespace {

// Each may be held by a slow client for some seconds; waiting, they cost next to nothing.
constexpr int kHttpThreads = 32;

// Whoever says that the clock is right says it of today: left in a script, the word means nothing
// tomorrow.
absl::Status CheckDate(const std::string& date, const Clock& clock) {
  const std::string today =
      absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(clock.WallMillis()), absl::UTCTimeZone());
  if (date.empty() || date == today) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "clock-is-right: expected today's date by this machine's clock (UTC), ", today, ", found ",
      date, "; set the clock, or leave the setting out: it is for one start"));
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("data: ", path, ": ", error.message()));
}

// Whole or not at all: whoever waits for the file reads a complete number.
absl::Status WritePort(const std::string& path, int port) {
  const std::string unfinished = path + ".new";
  std::ofstream(unfinished) << port << "\n";
  std::error_code error;
  std::filesystem::rename(unfinished, path, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path, ": ", error.message()));
}

// The guard in `path`. A store remembers that it has one: a guard that is then missing is a disk
// that is not there, or somebody's hand, and not a new beginning.
absl::StatusOr<std::unique_ptr<ledger::Guard>> OpenGuard(store::Store& store,
                                                         const std::string& path) {
  constexpr std::string_view kGuarded = "guarded";
  ASSIGN_OR_RETURN(const std::optional<std::string> guarded, store.ReadFact(kGuarded));
  if (path.empty()) {
    if (!guarded.has_value()) return nullptr;
    return absl::FailedPreconditionError(
        absl::StrCat("guard: this ledger is guarded by ", *guarded,
                     "; name it, or the file that has taken its place, with --guard"));
  }
  auto guard = guarded.has_value() ? ledger::Guard::Open(path) : ledger::Guard::Create(path);
  if (absl::IsNotFound(guard.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat("guard: ", path, " is missing, though this ledger is guarded by ", *guarded,
                     "; put it back. If it is lost for good, make an empty file there"));
  }
  RETURN_IF_ERROR(guard.status());
  if (guarded != path) RETURN_IF_ERROR(store.WriteFact(kGuarded, path));
  return guard;
}

void ReportWitness(const std::string& witness, const absl::Status& status) {
  if (status.ok()) return LogInfo("witness cosigns again", {{"witness", witness}});
  LogError("witness does not cosign",
           {{"witness", witness}, {"message", std::string(status.message())}});
}

void ReportCredentials(observe::Observation* auditor, const std::string& what,
                       const absl::Status& status) {
  if (auditor != nullptr) {
    auditor->Audit(status.ok() ? observe::kCredentials : observe::kCredentialsRefused,
                   {{"what", what}});
  }
  if (status.ok()) return LogInfo("credentials replaced", {{"what", what}});
  LogError("changed credentials are no good: the service goes on with those it had",
           {{"what", what}, {"message", std::string(status.message())}});
}

// What the HTTP port has seen of a caller, for the gRPC server in the same process.
std::function<http::Headers(const http::Request&)> Introducer(const api::Credentials& credentials) {
  return [door = credentials.door_key()](const http::Request& request) {
    http::Headers headers = {{api::kDoorKey, door}, {api::kDoorAddress, request.peer_address}};
    if (!request.peer_certificate.empty()) {
      headers.emplace_back(api::kDoorCertificate, request.peer_certificate);
    }
    // As often as it is there: two are none.
    for (const auto& [name, value] : request.headers) {
      if (absl::EqualsIgnoreCase(name, "authorization")) {
        headers.emplace_back(api::kDoorToken, value);
      }
    }
    return headers;
  };
}

void ReportAudit(const absl::Status& status) {
  if (status.ok()) return LogInfo("writing the audit log again");
  LogError(
      "cannot write the audit log: its lines wait, and acts that would add too many are refused",
      {{"message", std::string(status.message())}});
}

observe::Observation::Options ObservationOf(const Config& config) {
  observe::Observation::Options options{.report = ReportAudit};
  if (config.access_log == "none") options.access = observe::AccessLog::kNone;
  if (config.access_log == "all") options.access = observe::AccessLog::kAll;
  if (config.audit_log.empty()) {
    options.audit = config.data + "/audit.log";
  } else if (config.audit_log != "none") {
    options.audit = config.audit_log;
  }
  return options;
}

void ReportBackup(const absl::StatusOr<api::BackupMade>& made) {
  if (!made.ok()) {
    return LogError("no backup was made", {{"message", std::string(made.status().message())}});
  }
  LogInfo("backup made", {{"backup_id", made->id},
                          {"bytes", made->bytes},
                          {"bytes_copied", made->bytes_copied},
                          {"duration_ms", made->duration_ms}});
}

void ReportPublishing(const absl::Status& status) {
  if (status.ok()) return LogInfo("publishing checkpoints again");
  LogError("cannot publish checkpoints", {{"message", std::string(status.message())}});
}

void ReportRecords(const absl::Status& status) {
  if (status.ok()) return LogInfo("writing records behind again");
  LogError("cannot write records behind: nothing is lost, but the next start replays more",
           {{"message", std::string(status.message())}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const Config& config) {
  store::RocksDbOptions options;
  options.cache_bytes = config.cache_mib << 20;
  options.reserve_bytes = config.disk_reserve_mib << 20;
  options.on_failure = EndForFailedStore;
  return store::RocksDbStore::Open(config.data + "/store", options);
}

absl::StatusOr<std::unique_ptr<Service>> Service::Start(const Config& config,
                                                        const StoreOpener& open_store) {
  // Said before anything is opened or made; the environment is read before there are threads.
  ASSIGN_OR_RETURN(const Exposure exposure, ExposureOf(config));
  keys::KeySource source(config.keys.empty() ? config.data + "/keys" : config.keys);
  RETURN_IF_ERROR(source.TakeEnvironment());
  auto service = std::unique_ptr<Service>(new Service());
  Service* const raw = service.get();
  if (exposure == Exposure::kProtected) {
    ASSIGN_OR_RETURN(
        service->credential_files_,
        CredentialFiles::Open(config, service->clock_,
                              [raw](const std::string& what, const absl::Status& status) {
                                ReportCredentials(raw->auditor_, what, status);
                              }));
  }
  RETURN_IF_ERROR(CheckBackupSettings(config));
  RETURN_IF_ERROR(CheckDate(config.clock_is_right, service->clock_));
  RETURN_IF_ERROR(PrepareBackupFolder(config));
  RETURN_IF_ERROR(MakeFolder(config.data));
  ASSIGN_OR_RETURN(service->observation_,
                   observe::Observation::Open(service->clock_, ObservationOf(config)));
  service->auditor_ = service->observation_.get();
  std::error_code ignored;
  std::filesystem::remove(config.data + "/grpc.port", ignored);
  std::filesystem::remove(config.data + "/http.port", ignored);
  std::filesystem::remove(config.data + "/metrics.port", ignored);

  ASSIGN_OR_RETURN(service->store_, open_store(config));
  ASSIGN_OR_RETURN(const std::optional<std::string> origin, service->store_->ReadFact("origin"));
  ASSIGN_OR_RETURN(keys::Keys keys, keys::OpenKeys(source, !origin.has_value()));
  service->keys_ = std::make_unique<keys::Keys>(std::move(keys));
  ASSIGN_OR_RETURN(service->sealed_, journal::SealedStore::Open(
                                         *service->store_, std::move(service->keys_->master),
                                         origin.has_value() ? journal::SealedStore::Use::kServe
                                                            : journal::SealedStore::Use::kCreate));
  ASSIGN_OR_RETURN(service->guard_, OpenGuard(*service->sealed_, config.guard));
  if (!config.witnesses.empty()) {
    ASSIGN_OR_RETURN(journal::LogKeys keys, journal::LogKeys::Make(service->keys_->journal));
    ASSIGN_OR_RETURN(service->witnesses_,
                     WitnessCircle::Open(config.witnesses, std::move(keys), ReportWitness));
  }
  ASSIGN_OR_RETURN(
      service->ledger_,
      ledger::Ledger::Open(*service->sealed_, service->clock_,
                           {.origin = config.origin,
                            .peppers = service->keys_->peppers.Checks(),
                            .records_in_memory = RecordsInMemory(config, MachineMemory()),
                            .journal_keys = service->keys_->journal,
                            .publishing = {.guard = service->guard_.get(),
                                           .witnesses = service->witnesses_.get(),
                                           .report = ReportPublishing},
                            .clock_is_right = !config.clock_is_right.empty(),
                            .report_behind = ReportRecords}));
  for (const uint8_t version : service->ledger_->older_peppers_in_use()) {
    LogInfo("an older pepper is still needed; what lies under it moves as it is asked about",
            {{"pepper", absl::StrCat("pepper.", version)}});
  }
  if (!config.backup.empty()) {
    ASSIGN_OR_RETURN(service->backups_,
                     BackupClerk::Open(config, service->ledger_->origin(), *service->store_,
                                       service->clock_, ReportBackup));
  }
  CredentialFiles* const files = service->credential_files_.get();
  ASSIGN_OR_RETURN(
      service->server_,
      api::Server::Start({.ledger = *service->ledger_,
                          .peppers = service->keys_->peppers,
                          .permit_key = service->keys_->permit,
                          .clock = service->clock_,
                          .authenticator = files == nullptr ? nullptr : &files->credentials(),
                          .observer = service->observation_.get(),
                          .backups = service->backups_.get()},
                         config.grpc,
                         {.tls = files == nullptr ? nullptr : &files->tls(),
                          .callers = {.decisions_per_second = config.rate_per_caller,
                                      .calls_max = config.calls_per_caller,
                                      .streams_max = config.streams_per_caller},
                          .connections = {.all = config.connections,
                                          .per_address = config.connections_per_address},
                          .strangers_per_day = config.strangers_per_day}));
  if (!config.http.empty()) RETURN_IF_ERROR(service->StartHttp(config));
  if (!config.metrics.empty()) RETURN_IF_ERROR(service->StartMetrics(config));
  service->observation_->Audit(observe::kStarted,
                               {{"version", CONSENT_VERSION}, {"origin", service->origin()}});
  service->resealing_ = std::make_unique<Resealing>(*service->sealed_);
  RETURN_IF_ERROR(WritePort(config.data + "/grpc.port", service->port()));
  if (service->backups_ != nullptr) service->backups_->Start();
  return service;
}

absl::Status Service::StartHttp(const Config& config) {
  logs_ = std::make_unique<LedgerLogs>(*ledger_);
  CredentialFiles* const files = credential_files_.get();
  ASSIGN_OR_RETURN(
      http_,
      http::Server::Start(
          {.listener = {.address = config.http,
                        .threads = kHttpThreads,
                        .threads_per_address = kHttpThreads / 2,
                        .tls = files == nullptr ? nullptr : &files->tls()},
           .connect = {.channel = server_->InProcessChannel(),
                       .services = {"consent.v1.ContactService", "consent.v1.GrantService",
                                    "consent.v1.DirectoryService", "consent.v1.JournalService",
                                    "consent.v1.AdminService"},
                       .introduce = files == nullptr ? nullptr : Introducer(files->credentials())},
           .logs = logs_.get(),
           .jwks = ledger_->journal_keys().Jwks()}));
  return WritePort(config.data + "/http.port", http_->port());
}

absl::Status Service::StartMetrics(const Config& config) {
  ASSIGN_OR_RETURN(
      metrics_, observe::Endpoint::Start(
                    config.metrics, [this, config](observe::Page& page) { Show(config, page); }));
  return WritePort(config.data + "/metrics.port", metrics_->port());
}

void Service::Show(const Config& config, observe::Page& page) const {
  observation_->Show(page);
  observe::ShowLedger(*ledger_, page);
  observe::ShowProcess(page);
  page.Add("consent_build_info", 1, {{"version", CONSENT_VERSION}});
  page.Add("consent_store_reserve_bytes", static_cast<double>(config.disk_reserve_mib << 20));
  if (credential_files_ != nullptr) {
    page.Add("consent_certificate_expiry_timestamp_seconds",
             static_cast<double>(credential_files_->certificate_until()));
    if (const auto keys = credential_files_->token_keys(); keys.has_value()) {
      page.Add("consent_token_keys", static_cast<double>(*keys));
    }
  }
  if (witnesses_ != nullptr) {
    const WitnessCircle::Statistics circle = witnesses_->statistics();
    page.Add("consent_witnesses", static_cast<double>(circle.members));
    page.Add("consent_witnesses_failing", static_cast<double>(circle.failing));
    page.Add("consent_witness_quorum_timestamp_seconds",
             static_cast<double>(circle.quorum_at_ms) * 1e-3);
  }
}

void Service::Stop(int drain_seconds) {
  resealing_.reset();
  if (backups_ != nullptr) backups_->Stop();
  if (http_ != nullptr) http_->Stop();
  server_->Drain(absl::Seconds(drain_seconds));
  ledger_->Stop();
  observation_->Audit(observe::kStopped, {});
}

}  // namespace consent::consentd
