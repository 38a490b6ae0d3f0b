// SPDX-License-Identifier: Apache-2.0
//
// consent_bench: the whole service under load, on one machine. What the figures mean:
// docs/performance.md. Ends with 1 when a call failed, a consumer was contacted beyond a limit or a
// peer's books are wrong; with 75 when all is well but a peer that was asked for cannot be had.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "bench/disk.h"
#include "bench/measure.h"
#include "bench/measure_checks.h"
#include "bench/measure_exposure.h"
#include "bench/measure_scale.h"
#include "bench/peers.h"
#include "bench/plots.h"
#include "bench/report.h"
#include "bench/session.h"
#include "bench/settings.h"
#include "src/base/status_macros.h"
#include "src/store/temporary_folder.h"

namespace {

namespace bench = consent::bench;

// What the last of the exit codes says: everything was measured, but for peers that could not be
// had.
constexpr int kPeersMissing = 75;

// Starts and checks those that can be had, and says which cannot.
absl::StatusOr<bench::Rivals> OpenRivals(const bench::Settings& settings, bool& missing) {
  bench::Rivals rivals;
  if (settings.peers == "none") return rivals;
  std::vector<bench::PeerKind> peers = bench::AllPeers();
  for (bench::PeerKind& kind : peers) {
    std::fprintf(stderr, "starting %s ...\n", kind.name.c_str());
    absl::StatusOr<std::unique_ptr<bench::Peer>> peer = kind.start();
    if (!peer.ok()) {
      std::fprintf(stderr, "%s is LEFT OUT: %s\n", kind.name.c_str(),
                   std::string(peer.status().message()).c_str());
      missing = settings.peers == "all";
      continue;
    }
    ASSIGN_OR_RETURN(auto rival, bench::Rival::Open(*std::move(peer), settings.consumers));
    RETURN_IF_ERROR(rival->FindBest(absl::Seconds(settings.quick ? 0.1 : 0.7)));
    rivals.push_back({.kind = std::move(kind), .rival = std::move(rival)});
  }
  return rivals;
}

// Saves what there is after each part: a run of hours that is ended early has not been in vain.
absl::Status Measure(const bench::Settings& settings, bench::Report& report, bool& missing) {
  const consent::store::TemporaryFolder folder;
  const bench::Timing timing{.warm_up = absl::Seconds(settings.quick ? 0.05 : 0.3),
                             .measured = absl::Seconds(settings.seconds),
                             .curves = !settings.plot.empty()};
  std::fprintf(stderr, "entering %zu consumers ...\n", 2 * settings.consumers);
  absl::StatusOr<std::unique_ptr<bench::Session>> session =
      bench::Session::Open({.consentd = consent::load::ProgramPath("consentd"),
                            .folder = folder.path(),
                            .consumers = settings.consumers,
                            .rounds = settings.rounds});
  if (!session.ok()) return session.status();
  ASSIGN_OR_RETURN(const bench::Rivals rivals, OpenRivals(settings, missing));
  for (int round = 0; round < settings.rounds; ++round) {
    std::fprintf(stderr, "round %d of %d ...\n", round + 1, settings.rounds);
    RETURN_IF_ERROR(bench::MeasureRound(**session, rivals, round, timing, report));
    RETURN_IF_ERROR(report.Save());
  }
  bench::AddTried(rivals, report);
  for (const auto& [kind, rival] : rivals) RETURN_IF_ERROR(rival->CheckBooks());
  std::fprintf(stderr, "law ...\n");
  RETURN_IF_ERROR(bench::MeasureLaw(**session, report));
  std::fprintf(stderr, "exposed ...\n");
  RETURN_IF_ERROR(bench::MeasureExposure(**session, settings.rounds, timing, report));
  // Of a store that has stopped: nothing is still to be written.
  RETURN_IF_ERROR((*session)->Restart().status());
  report.Add("store_bytes_per_decision", "bytes",
             static_cast<double>(bench::BytesIn(folder.path())) /
                 static_cast<double>((*session)->decisions()));
  RETURN_IF_ERROR(bench::MeasureScale(**session, settings, timing, report));
  ASSIGN_OR_RETURN(const std::string journal_key, (*session)->JournalKey());
  RETURN_IF_ERROR((*session)->Stop());
  std::fprintf(stderr, "replaying, verifying ...\n");
  const consent::store::TemporaryFolder scratch;
  RETURN_IF_ERROR(bench::MeasureChecks({.consentctl = consent::load::ProgramPath("consentctl"),
                                        .folder = folder.path(),
                                        .scratch = scratch.path(),
                                        .journal_key = journal_key},
                                       report.MediansByNumber("batch_per_second_").at(1000),
                                       report));

  const uint64_t over = (*session)->OverLimit();
  report.Add("over_limit", "consumers", static_cast<double>(over));
  report.Add("decisions", "decisions", static_cast<double>((*session)->decisions()));
  if (!settings.plot.empty()) RETURN_IF_ERROR(bench::WritePlots(report, settings.plot));
  if (over > 0) return absl::InternalError("consumers were contacted beyond their limits");
  // A race in which nobody reaches the limit would prove nothing.
  if ((*session)->UnderLimit() > 0) {
    std::fputs("note: too short for all to reach their limit\n", stderr);
  }
  return absl::OkStatus();
}

absl::Status Run(const bench::Settings& settings, bool& missing) {
  bench::Report report(settings.json);
  // A file that cannot be written is found now, not when all has been measured.
  RETURN_IF_ERROR(report.Save());
  const absl::Status measured = Measure(settings, report, missing);
  std::fputs(report.Table().c_str(), stdout);
  const absl::Status saved = report.Save();
  return measured.ok() ? saved : measured;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef NDEBUG
  // As in consentd: no search for deadlocks at every lock.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  bench::Settings settings;
  CLI::App app(
      "Measures consentd under load, beside an empty RPC on the same server and its peers.",
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
  CLI::Option* const peers =
      app.add_option("--peers", settings.peers,
                     "all: Redis and PostgreSQL, or exit code 75; available: those there are; none")
          ->check(CLI::IsMember({"all", "available", "none"}))
          ->capture_default_str();
  CLI::Option* const campaign =
      app.add_option("--campaign", settings.campaign, "Consumers who are each asked once")
          ->check(CLI::Range(1'000, 20'000'000))
          ->capture_default_str();
  app.add_option("--growth", settings.growth,
                 "Compare batches to so many consumers with batches to 100,000; 0: do not")
      ->check(CLI::Range(0, 20'000'000))
      ->capture_default_str();
  app.add_option("--restart", settings.restart,
                 "Make so many decisions before the server is killed and started again")
      ->check(CLI::Range(0, 200'000'000))
      ->capture_default_str();
  app.add_option("--json", settings.json, "Write the figures to this file, too");
  app.add_option("--plot", settings.plot,
                 "Measure more points, and draw plots (SVG) in this folder");
  CLI11_PARSE(app, argc, argv);
  if (settings.quick) {
    if (seconds->count() == 0) settings.seconds = 0.4;
    if (rounds->count() == 0) settings.rounds = 1;
    if (peers->count() == 0) settings.peers = "available";
    if (campaign->count() == 0) settings.campaign = 2'000;
    settings.consumers = 500;
  }
  bool missing = false;
  const absl::Status status = Run(settings, missing);
  if (status.ok()) return missing ? kPeersMissing : 0;
  std::fprintf(stderr, "consent_bench: %s\n", std::string(status.message()).c_str());
  return 1;
}
