// SPDX-License-Identifier: Apache-2.0

#include "bench/measure.h"

#include <sys/resource.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "bench/disk.h"
#include "src/base/status_macros.h"

namespace consent::bench {
namespace {

constexpr int kConnections = 4;
constexpr int kStreams = 2;
constexpr int kMessagesInFlight = 8;  // Of all streams.
constexpr size_t kCommitBytes = 512;  // About what the log takes for one decision.

load::LoadOptions Options(const Timing& timing, int in_flight, int connections) {
  return {.address = {},
          .in_flight = in_flight,
          .connections = connections,
          .warm_up = timing.warm_up,
          .measured = timing.measured};
}

constexpr int kLawBatch = 100;

struct LawRates {
  double unary = 0;
  double unary_cpu_us = 0;
  double batch = 0;
  double batch_cpu_us = 0;
};

absl::Status Check(const load::LoadReport& load, const std::string& what) {
  if (load.failed == 0 && load.measured > 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(what, ": ", load.failed, " calls failed, first: ", load.first_failure));
}

void AddLatencies(const load::LoadReport& load, const std::string& suffix, Report& report) {
  const auto add = [&](const char* name, double share) {
    report.Add(absl::StrCat(name, suffix), "us",
               absl::ToDoubleMicroseconds(load.latencies.AtShare(share)));
  };
  add("unary_p50_", 0.5);
  add("unary_p99_", 0.99);
  add("unary_p999_", 0.999);
}

// Processor time of this process: what making the load costs.
absl::Duration OwnCpu() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

// The empty call and the durable one, in turn. Decisions a second.
absl::StatusOr<double> MeasureUnary(Session& session, int in_flight, const Timing& timing,
                                    Report& report) {
  const std::string suffix = absl::StrCat(in_flight);
  const load::LoadOptions options = Options(timing, in_flight, kConnections);
  const load::LoadReport empty = session.Empty(options);
  RETURN_IF_ERROR(Check(empty, "empty RPC"));

  const absl::Duration cpu_before = session.ServerCpu();
  const absl::Duration own_cpu_before = OwnCpu();
  const load::LoadReport unary = session.Unary(options);
  const absl::Duration own_cpu = OwnCpu() - own_cpu_before;
  const absl::Duration cpu = session.ServerCpu() - cpu_before;
  RETURN_IF_ERROR(Check(unary, "CheckAndConsume"));

  report.Add("unary_vs_empty_rpc_" + suffix, "ratio", unary.PerSecond() / empty.PerSecond());
  report.Add("unary_per_second_" + suffix, "1/s", unary.PerSecond());
  report.Add("empty_rpc_per_second_" + suffix, "1/s", empty.PerSecond());
  AddLatencies(unary, suffix, report);
  const auto answered = static_cast<double>(unary.answered);
  report.Add("server_cpu_us_per_decision_" + suffix, "us",
             absl::ToDoubleMicroseconds(cpu) / answered);
  report.Add("client_cpu_us_per_decision_" + suffix, "us",
             absl::ToDoubleMicroseconds(own_cpu) / answered);
  if (in_flight > 1) return unary.PerSecond();

  // What one client waits for beside the disk and gRPC.
  ASSIGN_OR_RETURN(const load::Latencies syncs,
                   TimeSyncs(session.folder(), kCommitBytes, timing.measured));
  const absl::Duration sync = syncs.AtShare(0.5);
  report.Add("fsync_us", "us", absl::ToDoubleMicroseconds(sync));
  report.Add("empty_rpc_p50_1", "us", absl::ToDoubleMicroseconds(empty.latencies.AtShare(0.5)));
  report.Add("single_client_overhead_us", "us",
             absl::ToDoubleMicroseconds(unary.latencies.AtShare(0.5) - sync -
                                        empty.latencies.AtShare(0.5)));
  return unary.PerSecond();
}

// The same call, with a receipt or a signed permit in its answer.
absl::Status MeasureExtras(Session& session, const Timing& timing, Report& report) {
  for (const int in_flight : {1, 64}) {
    const load::LoadReport load = session.Unary(Options(timing, in_flight, kConnections),
                                                {.receipt = true, .signed_permit = false});
    RETURN_IF_ERROR(Check(load, "CheckAndConsume with a receipt"));
    const std::string suffix = absl::StrCat(in_flight);
    report.Add("receipt_per_second_" + suffix, "1/s", load.PerSecond());
    report.Add("receipt_p50_" + suffix, "us",
               absl::ToDoubleMicroseconds(load.latencies.AtShare(0.5)));
    report.Add("receipt_p99_" + suffix, "us",
               absl::ToDoubleMicroseconds(load.latencies.AtShare(0.99)));
  }
  const load::LoadReport load =
      session.Unary(Options(timing, 64, kConnections), {.receipt = false, .signed_permit = true});
  RETURN_IF_ERROR(Check(load, "CheckAndConsume with a signed permit"));
  report.Add("signed_permit_per_second_64", "1/s", load.PerSecond());
  return absl::OkStatus();
}

// Decisions a second.
absl::StatusOr<double> MeasureBatches(Session& session, int batch, const Timing& timing,
                                      Report& report) {
  const load::LoadReport load = session.Stream(Options(timing, kMessagesInFlight, kStreams), batch);
  RETURN_IF_ERROR(Check(load, "StreamCheckAndConsume"));
  report.Add(absl::StrCat("batch_per_second_", batch), "1/s", load.PerSecond());
  report.Add(absl::StrCat("batch_p99_", batch), "us",
             absl::ToDoubleMicroseconds(load.latencies.AtShare(0.99)));
  return load.PerSecond();
}

// A server is started for this alone, because it tells its syncs when it stops.
template <class Load>
absl::Status MeasureSyncs(Session& session, const std::string& suffix, Report& report,
                          const Load& load) {
  RETURN_IF_ERROR(session.Restart().status());
  const load::LoadReport done = load();
  RETURN_IF_ERROR(Check(done, "load"));
  ASSIGN_OR_RETURN(const Writes writes, session.Restart());
  report.Add("fsyncs_per_1000_decisions_" + suffix, "fsyncs",
             1000.0 * static_cast<double>(writes.log_syncs) / static_cast<double>(done.answered));
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureLaw(Session& session, Report& report) {
  // Each crowd is called once in a pass, however long that takes.
  const Timing timing{.warm_up = absl::ZeroDuration(), .measured = absl::Seconds(60)};
  const auto measure = [&](const std::string& law) -> absl::StatusOr<LawRates> {
    const absl::Duration before = session.ServerCpu();
    const load::LoadReport unary = session.LawUnary(Options(timing, 256, kConnections));
    RETURN_IF_ERROR(Check(unary, "CheckAndConsume, " + law));
    const absl::Duration between = session.ServerCpu();
    const load::LoadReport batch = session.LawStream(Options(timing, 4, kStreams), kLawBatch);
    RETURN_IF_ERROR(Check(batch, "StreamCheckAndConsume, " + law));
    const auto cpu = [](absl::Duration took, const load::LoadReport& load) {
      return absl::ToDoubleMicroseconds(took) / static_cast<double>(load.answered);
    };
    return LawRates{unary.PerSecond(), cpu(between - before, unary), batch.PerSecond(),
                    cpu(session.ServerCpu() - between, batch)};
  };
  const auto add = [&](const std::string& law, const LawRates& rates) {
    report.Add("unary_per_second_256_" + law, "1/s", rates.unary);
    report.Add("server_cpu_us_unary_" + law, "us", rates.unary_cpu_us);
    report.Add("batch_per_second_100_" + law, "1/s", rates.batch);
    report.Add("server_cpu_us_batch_" + law, "us", rates.batch_cpu_us);
  };
  // The first pass reads everybody's record from the disk.
  RETURN_IF_ERROR(measure("to warm up").status());
  ASSIGN_OR_RETURN(const LawRates none, measure("no_law"));
  RETURN_IF_ERROR(session.PutRules("fr"));
  ASSIGN_OR_RETURN(const LawRates french, measure("law_fr"));
  RETURN_IF_ERROR(session.RetireRules("fr"));
  ASSIGN_OR_RETURN(const LawRates none_again, measure("no_law"));
  for (const LawRates& rates : {none, none_again}) {
    add("no_law", rates);
    report.Add("unary_law_fr_vs_none_256", "ratio", french.unary / rates.unary);
    report.Add("batch_law_fr_vs_none_100", "ratio", french.batch / rates.batch);
  }
  add("law_fr", french);
  return session.LawDenied() == 0 ? absl::OkStatus()
                                  : absl::InternalError("law denied calls that it allows");
}

absl::Status MeasureRound(Session& session, const Rivals& rivals, int round, const Timing& timing,
                          Report& report) {
  ASSIGN_OR_RETURN(const double spread, MeasureUnary(session, 256, timing, report));
  RETURN_IF_ERROR(MeasureRivals(rivals, PeerForm::kSingle, spread, timing, report));
  const load::LoadOptions many = Options(timing, 256, kConnections);
  const load::LoadReport hot = session.HotKey(many, round);
  RETURN_IF_ERROR(Check(hot, "hot key"));
  report.Add("hot_key", "ratio", hot.PerSecond() / spread);
  report.Add("hot_key_256", "1/s", hot.PerSecond());
  RETURN_IF_ERROR(Check(session.Race(many, round), "race"));

  ASSIGN_OR_RETURN(const double batched, MeasureBatches(session, 1000, timing, report));
  RETURN_IF_ERROR(MeasureRivals(rivals, PeerForm::kBatched, batched, timing, report));
  RETURN_IF_ERROR(MeasureBatches(session, 100, timing, report).status());

  for (const int in_flight : {64, 16, 4, 1}) {
    if (!timing.curves && (in_flight == 16 || in_flight == 4)) continue;
    RETURN_IF_ERROR(MeasureUnary(session, in_flight, timing, report).status());
  }
  RETURN_IF_ERROR(MeasureExtras(session, timing, report));
  RETURN_IF_ERROR(MeasureSyncs(session, "256", report, [&] { return session.Unary(many); }));
  return MeasureSyncs(session, "batch_1000", report, [&] {
    return session.Stream(Options(timing, kMessagesInFlight, kStreams), 1000);
  });
}

}  // namespace consent::bench
