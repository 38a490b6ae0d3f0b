// SPDX-License-Identifier: Apache-2.0
//
// What a run of consent_bench is asked to do.

#ifndef CONSENT_BENCH_SETTINGS_H_
#define CONSENT_BENCH_SETTINGS_H_

#include <cstddef>
#include <string>

namespace consent::bench {

struct Settings {
  bool quick = false;
  double seconds = 2;
  int rounds = 5;
  size_t consumers = 10'000;
  size_t campaign = 100'000;  // Consumers, a multiple of 1,000.
  size_t growth = 0;          // Consumers; 0: not measured.
  size_t restart = 0;         // Decisions made before the server is killed, at least.
  std::string peers = "all";  // Or "available": those that cannot be had do not matter. Or "none".
  std::string json;           // Files and folders: none when empty.
  std::string plot;
};

}  // namespace consent::bench

#endif  // CONSENT_BENCH_SETTINGS_H_
