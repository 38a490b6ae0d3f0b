// SPDX-License-Identifier: Apache-2.0
//
// Config: everything an operator can set. Flags, or a file with the same names; a flag wins.
// Reference: docs/reference/configuration.md, which a test compares with `consentd --help`.

#ifndef CONSENT_CONSENTD_CONFIG_H_
#define CONSENT_CONSENTD_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>

namespace consent::consentd {

struct Config {
  std::string data;                     // The folder that holds the store.
  std::string keys;                     // The folder of the service's own keys; empty: DATA/keys.
  std::string grpc = "127.0.0.1:7420";  // Where to listen.
  std::string http;                     // Where to speak HTTP; empty: nowhere.
  std::string origin;                   // Names a new ledger.
  // PEM files. How they go together: exposure.h.
  std::string tls_cert;                  // The service's certificate, and those up to its root.
  std::string tls_key;                   // Its key.
  std::string tls_client_ca;             // Who vouches for client certificates.
  std::string jwks;                      // JSON Web Key Set file of those who issue tokens.
  std::string jwt_issuer;                // `iss` of the tokens that are believed.
  std::string jwt_audience;              // `aud` that names this service.
  bool development = false;              // Nobody is authenticated, on purpose.
  uint32_t rate_per_caller = 5'000;      // Decisions a second; 0: no limit, as in all of these.
  uint32_t calls_per_caller = 1000;      // Under way at once.
  uint32_t streams_per_caller = 32;      // Open at once.
  uint32_t strangers_per_day = 200'000;  // NO_PERMISSION answers for one company.
  uint32_t connections = 1024;           // To the gRPC port; of them from one address:
  uint32_t connections_per_address = 256;
  std::string guard;               // File that keeps what was promised; empty: none.
  std::string backup;              // Folder of backups; empty: none.
  int backup_minutes = 0;          // How often one is made; 0: on demand alone.
  size_t backup_keep = 14;         // How many remain.
  std::string witnesses;           // Policy file of those who cosign; empty: none.
  std::string clock_is_right;      // Today's date, by somebody who has looked; empty: nobody.
  size_t cache_mib = 256;          // RocksDB's block cache.
  uint64_t disk_reserve_mib = 64;  // Free space below which no commit is taken.
  size_t records_in_memory = 0;    // Consumers kept in memory; 0: RecordsInMemory.
  int drain_seconds = 10;          // How long SIGTERM waits for calls under way.
  std::string log_level = "info";
  std::string metrics;                 // Where to show metrics; empty: nowhere.
  std::string access_log = "refused";  // Which calls have a line: none, refused, all.
  std::string audit_log;               // File; empty: audit.log in `data`. "none": none.
};

// What one consumer takes in memory: packed some 600 bytes, open (one in eight) some 2,000.
inline constexpr uint64_t kBytesARecord = 800;
// How many consumers are kept in a memory of so many bytes: as many as were asked for, or else as
// fit into a third of what the cache leaves.
size_t RecordsInMemory(const Config& config, uint64_t memory_bytes);

// Reads flags and file. Returns true to go on; else `exit_code` says how to end: 0 after --help or
// --version, 2 after a fault, which has been printed to `err`.
bool ReadConfig(int argc, const char* const* argv, Config& config, int& exit_code,
                std::ostream& err = std::cerr);

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_CONFIG_H_
