// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/config.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace consent::consentd {

size_t RecordsInMemory(const Config& config, uint64_t memory_bytes) {
  if (config.records_in_memory > 0) return config.records_in_memory;
  const uint64_t cache_bytes = std::min(memory_bytes, uint64_t{config.cache_mib} << 20);
  return std::max<size_t>((memory_bytes - cache_bytes) / 3 / kBytesARecord, 1);
}

bool ReadConfig(int argc, const char* const* argv, Config& config, int& exit_code,
                std::ostream& err) {
  CLI::App app(
      "consentd keeps permissions to contact people, and takes one unit away, durably, before "
      "every contact.",
      "consentd");
  app.set_version_flag("--version", "consentd " CONSENT_VERSION);
  app.set_config("--config", "", "Read settings from this file: one `name = value` a line");
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.add_option("--data", config.data, "Folder of the store and the keys; made if it is missing")
      ->required();
  app.add_option("--keys", config.keys,
                 "Folder of the service's own keys, best on another disk than the store "
                 "[default: keys in the data folder]");
  app.add_option("--grpc", config.grpc,
                 "HOST:PORT to listen on; loopback only without TLS, port 0 takes a free one")
      ->capture_default_str();
  app.add_option(
      "--http", config.http,
      "HOST:PORT for logs and HTTP calls; loopback only without TLS, port 0 takes a free "
      "one [default: none]");
  app.add_option(
      "--tls-cert", config.tls_cert,
      "PEM file: the certificate of this service, and those up to its root; read again when "
      "it changes");
  app.add_option("--tls-key", config.tls_key, "PEM file: the key of that certificate");
  app.add_option("--tls-client-ca", config.tls_client_ca,
                 "PEM file: the authorities whose client certificates say who calls");
  app.add_option("--jwks", config.jwks,
                 "JSON Web Key Set file: the keys by which bearer tokens are believed; read again "
                 "when it changes");
  app.add_option("--jwt-issuer", config.jwt_issuer, "Who issues the tokens (`iss`)");
  app.add_option("--jwt-audience", config.jwt_audience, "Whom they must be for (`aud`)");
  app.add_flag("--development", config.development,
               "Without TLS, let everybody on this machine do everything, and mean it");
  app.add_option("--rate-per-caller", config.rate_per_caller,
                 "Decisions a second for one caller, and as many at once; 0: no limit")
      ->check(CLI::Range(0, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--calls-per-caller", config.calls_per_caller,
                 "Calls of one caller under way at once; 0: no limit")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_option("--streams-per-caller", config.streams_per_caller,
                 "Streams of one caller open at once; 0: no limit")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_option(
         "--strangers-per-day", config.strangers_per_day,
         "Answers NO_PERMISSION a day for one company, before it is answered slowly and the "
         "journal says so; 0: no limit")
      ->check(CLI::Range(0, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--connections", config.connections,
                 "Connections to the gRPC port at once; 0: no limit")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_option("--connections-per-address", config.connections_per_address,
                 "Of them from one address; 0: no limit")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  app.add_option("--origin", config.origin,
                 "Name of a new ledger, such as ledger.example; a ledger keeps it for ever "
                 "[default: localhost/ and a random part]");
  app.add_option("--guard", config.guard,
                 "File, best on another disk, that keeps what was promised, so that an old copy of "
                 "the data is refused");
  app.add_option(
      "--backup", config.backup,
      "Folder for backups, outside of --data, best on another disk; made if it is missing");
  app.add_option("--backup-minutes", config.backup_minutes,
                 "Make a backup whenever the newest is so old; 0: only when asked")
      ->check(CLI::Range(0, 10'080))
      ->capture_default_str();
  app.add_option("--backup-keep", config.backup_keep,
                 "How many backups remain; the oldest go first")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--witnesses", config.witnesses,
                 "Policy file (C2SP tlog-policy) of the witnesses that cosign checkpoints");
  app.add_option("--clock-is-right", config.clock_is_right,
                 "Today's date (UTC, such as 2026-12-31): start although the machine's clock has "
                 "moved in a way that cannot be believed");
  app.add_option("--cache-mib", config.cache_mib, "Memory for blocks read from disk, MiB")
      ->check(CLI::Range(8, 1 << 20))
      ->capture_default_str();
  app.add_option("--disk-reserve-mib", config.disk_reserve_mib,
                 "Free space, MiB, below which writes are refused (STORE_FULL) and reads go on")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  app.add_option(
         "--records-in-memory", config.records_in_memory,
         "Consumers' records kept in memory, about 800 bytes each; 0: as many as fit into a "
         "third of the memory that --cache-mib leaves")
      ->check(CLI::Range(0, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--drain-seconds", config.drain_seconds,
                 "How long SIGTERM waits for calls under way")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  app.add_option("--log-level", config.log_level, "Which log lines are written")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  app.add_option("--metrics", config.metrics,
                 "HOST:PORT for Prometheus (plain HTTP, /metrics): totals only, so any address; "
                 "port 0 takes a free one [default: none]");
  app.add_option("--access-log", config.access_log,
                 "Which calls have a line in the log: none, refused or all")
      ->check(CLI::IsMember({"none", "refused", "all"}))
      ->capture_default_str();
  app.add_option("--audit-log", config.audit_log,
                 "File to which acts that matter afterwards are appended, or none [default: "
                 "audit.log in --data]");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    exit_code = app.exit(error, std::cout, err) == 0 ? 0 : 2;
    return false;
  }
  return true;
}

}  // namespace consent::consentd
