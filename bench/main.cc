// SPDX-License-Identifier: Apache-2.0
//
// consent_bench: the whole service under load, on one machine. What the figures mean:
// docs/performance.md. Ends with 1 when a call failed or a consumer was contacted beyond a limit.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "bench/measure.h"
#include "bench/report.h"
#include "bench/session.h"
#include "src/store/temporary_folder.h"

namespace {

namespace bench = consent::bench;

struct Settings {
  bool quick = false;
  double seconds = 2;
  int rounds = 5;
  size_t consumers = 10'000;
  std::string json;
};

// Of all files below the folder.
uint64_t BytesIn(const std::string& folder) {
  uint64_t bytes = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) bytes += file.file_size();
  }
  return bytes;
}

absl::Status Run(const Settings& settings) {
  const consent::store::TemporaryFolder folder;
  const bench::Timing timing{.warm_up = absl::Seconds(settings.quick ? 0.05 : 0.3),
                             .measured = absl::Seconds(settings.seconds)};
  std::fprintf(stderr, "entering %zu consumers ...\n", 2 * settings.consumers);
  absl::StatusOr<std::unique_ptr<bench::Session>> session =
      bench::Session::Open({.consentd = consent::load::ProgramPath("consentd"),
                            .folder = folder.path(),
                            .consumers = settings.consumers,
                            .rounds = settings.rounds});
  if (!session.ok()) return session.status();
  bench::Report report;
  for (int round = 0; round < settings.rounds; ++round) {
    std::fprintf(stderr, "round %d of %d ...\n", round + 1, settings.rounds);
    const absl::Status measured = bench::MeasureRound(**session, round, timing, report);
    if (!measured.ok()) return measured;
  }
  std::fprintf(stderr, "law ...\n");
  if (absl::Status law = bench::MeasureLaw(**session, report); !law.ok()) return law;
  if (absl::Status stopped = (*session)->Stop(); !stopped.ok()) return stopped;

  const uint64_t over = (*session)->OverLimit();
  report.Add("over_limit", "consumers", static_cast<double>(over));
  report.Add("decisions", "decisions", static_cast<double>((*session)->decisions()));
  report.Add(
      "store_bytes_per_decision", "bytes",
      static_cast<double>(BytesIn(folder.path())) / static_cast<double>((*session)->decisions()));
  std::fputs(report.Table().c_str(), stdout);
  if (!settings.json.empty()) {
    if (absl::Status written = report.WriteJson(settings.json); !written.ok()) return written;
  }
  if (over > 0) return absl::InternalError("consumers were contacted beyond their limits");
  // A race in which nobody reaches the limit would prove nothing.
  if ((*session)->UnderLimit() > 0) {
    std::fputs("note: too short for all to reach their limit\n", stderr);
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Measures consentd under load, beside an empty RPC on the same server.",
               "consent_bench");
  app.add_flag("--quick", settings.quick, "A run of seconds: whether it works, not how fast");
  CLI::Option* const seconds =
      app.add_option("--seconds", settings.seconds, "How long each figure is measured in a round")
          ->check(CLI::Range(0.01, 3600.0))
          ->capture_default_str();
  CLI::Option* const rounds =
      app.add_option("--rounds", settings.rounds, "Figures are medians of so many rounds")
          ->check(CLI::Range(1, 100))
          ->capture_default_str();
  app.add_option("--json", settings.json, "Write the figures to this file, too");
  CLI11_PARSE(app, argc, argv);
  if (settings.quick) {
    if (seconds->count() == 0) settings.seconds = 0.4;
    if (rounds->count() == 0) settings.rounds = 1;
    settings.consumers = 500;
  }
  const absl::Status status = Run(settings);
  if (status.ok()) return 0;
  std::fprintf(stderr, "consent_bench: %s\n", std::string(status.message()).c_str());
  return 1;
}
