// SPDX-License-Identifier: Apache-2.0

#include "bench/plots.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "bench/plot.h"
#include "src/base/status_macros.h"

namespace consent::bench {
namespace {

// The figures that are called `prefix` and a number, over that number.
Series SeriesOf(const Report& report, const std::string& name, const std::string& prefix) {
  Series series{.name = name, .points = {}};
  for (const auto& [number, median] : report.MediansByNumber(prefix)) {
    series.points.emplace_back(static_cast<double>(number), median);
  }
  return series;
}

absl::Status Write(const Plot& plot, const std::string& path) {
  std::ofstream file(path);
  file << DrawSvg(plot);
  file.close();
  if (file) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path, ": cannot be written"));
}

}  // namespace

absl::Status WritePlots(const Report& report, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  RETURN_IF_ERROR(Write({.title = "Durable decisions, one a call",
                         .x_label = "calls in flight",
                         .y_label = "a second",
                         .log_y = false,
                         .series = {SeriesOf(report, "empty RPC", "empty_rpc_per_second_"),
                                    SeriesOf(report, "CheckAndConsume", "unary_per_second_"),
                                    SeriesOf(report, "Redis, fsync always", "redis_per_second_"),
                                    SeriesOf(report, "PostgreSQL", "postgres_per_second_")}},
                        folder + "/throughput.svg"));
  RETURN_IF_ERROR(Write({.title = "Latency of a durable decision",
                         .x_label = "calls in flight",
                         .y_label = "microseconds",
                         .log_y = true,
                         .series = {SeriesOf(report, "99.9 of 100", "unary_p999_"),
                                    SeriesOf(report, "99 of 100", "unary_p99_"),
                                    SeriesOf(report, "half", "unary_p50_")}},
                        folder + "/latency.svg"));
  const Series growth = SeriesOf(report, "batches of 1,000", "growth_per_second_");
  if (growth.points.empty()) return absl::OkStatus();
  return Write({.title = "Durable decisions in batches, as consumers grow",
                .x_label = "consumers",
                .y_label = "a second",
                .log_y = false,
                .series = {growth}},
               folder + "/growth.svg");
}

}  // namespace consent::bench
