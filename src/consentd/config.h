// SPDX-License-Identifier: Apache-2.0
//
// Config: everything an operator can set. Flags, or a file with the same names; a flag wins.
// Reference: docs/reference/configuration.md, which a test compares with `consentd --help`.

#ifndef CONSENT_CONSENTD_CONFIG_H_
#define CONSENT_CONSENTD_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace consent::consentd {

struct Config {
  std::string data;                      // The folder that holds the store and the keys.
  std::string grpc = "127.0.0.1:7420";   // Where to listen; loopback only.
  std::string http;                      // Where to speak HTTP; loopback only; empty: nowhere.
  std::string origin;                    // Names a new ledger.
  std::string guard;                     // File that keeps what was promised; empty: none.
  std::string witnesses;                 // Policy file of those who cosign; empty: none.
  std::string clock_is_right;            // Today's date, by somebody who has looked; empty: nobody.
  size_t cache_mib = 256;                // RocksDB's block cache.
  uint64_t disk_reserve_mib = 64;        // Free space below which no commit is taken.
  size_t records_in_memory = 1'000'000;  // Consumers' records kept decoded.
  int drain_seconds = 10;                // How long SIGTERM waits for calls under way.
  std::string log_level = "info";
};

// Reads flags and file. Returns true to go on; else `exit_code` says how to end: 0 after --help or
// --version, 2 after a fault, which has been printed.
bool ReadConfig(int argc, const char* const* argv, Config& config, int& exit_code);

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_CONFIG_H_
