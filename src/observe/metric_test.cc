// SPDX-License-Identifier: Apache-2.0

#include "src/observe/metric.h"

#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "src/observe/page.h"

namespace consent::observe {
namespace {

TEST(MetricTest, NamesFollowTheConventions) {
  std::set<std::string_view> names;
  for (const Metric& metric : Metrics()) {
    const std::string name(metric.name);
    EXPECT_TRUE(names.insert(metric.name).second) << name << " twice";
    EXPECT_TRUE(name.starts_with("consent_") || name.starts_with("process_")) << name;
    EXPECT_EQ(name.ends_with("_total"), metric.kind == Kind::kCounter) << name;
    for (const char c : name) EXPECT_TRUE(std::islower(c) != 0 || c == '_') << name;
    EXPECT_FALSE(metric.help.empty()) << name;
    for (const char* unit : {"_ms", "_micros", "_nanos", "_mib", "_minutes"}) {
      EXPECT_EQ(name.find(unit), std::string::npos) << name << ": base units only";
    }
    for (const char* personal : {"company", "number", "caller", "contact", "key"}) {
      EXPECT_EQ(metric.labels.find(personal), std::string_view::npos) << name;
    }
  }
}

// Write it anew: CONSENT_GOLDEN_UPDATE=1.
TEST(MetricTest, TheReferenceHasThisTable) {
  constexpr char kPath[] = "docs/reference/metrics.md";
  std::ifstream file(kPath);
  std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const size_t begin = page.find("| metric |");
  const size_t end = page.find("\n\n", begin) + 1;
  ASSERT_NE(begin, std::string::npos) << kPath;
  if (std::getenv("CONSENT_GOLDEN_UPDATE") != nullptr) {
    page.replace(begin, end - begin, MetricsTable());
    std::ofstream(kPath) << page;
    return;
  }
  EXPECT_EQ(page.substr(begin, end - begin), MetricsTable());
}

TEST(PageTest, ShowsValuesAsPrometheusReadsThem) {
  static constexpr int64_t kBounds[] = {1'000'000, 1'000'000'000};
  Page page;
  page.Add("consent_queue_decisions", 3, {{"journal", "a\"b\\c\nd"}});
  page.Add("consent_decisions_total", 2e9, {});
  page.Add("consent_store_log_sync_duration_seconds",
           HistogramTotals{.bounds = kBounds, .counts = {1, 2, 3}, .sum = 5'000'000'000},
           kNanosecond);
  EXPECT_EQ(page.Text(),
            "# HELP consent_decisions_total Decisions, by how they were asked for (unary, batch, "
            "stream, check), channel and reason\n"
            "# TYPE consent_decisions_total counter\n"
            "consent_decisions_total 2000000000\n"
            "# HELP consent_queue_decisions Decisions that wait for their answer; after a start "
            "also consumers who are read in\n"
            "# TYPE consent_queue_decisions gauge\n"
            "consent_queue_decisions{journal=\"a\\\"b\\\\c\\nd\"} 3\n"
            "# HELP consent_store_log_sync_duration_seconds How long the disk took to make the "
            "store's log durable (fsync)\n"
            "# TYPE consent_store_log_sync_duration_seconds histogram\n"
            "consent_store_log_sync_duration_seconds_count 6\n"
            "consent_store_log_sync_duration_seconds_sum 5\n"
            "consent_store_log_sync_duration_seconds_bucket{le=\"0.001\"} 1\n"
            "consent_store_log_sync_duration_seconds_bucket{le=\"1\"} 3\n"
            "consent_store_log_sync_duration_seconds_bucket{le=\"+Inf\"} 6\n");
}

TEST(PageDeathTest, WhatIsNotDeclaredIsNotShown) {
  Page page;
  EXPECT_DEATH(page.Add("consent_made_up_total", 1), "not declared");
  EXPECT_DEATH(page.Add("consent_commit_duration_seconds", 1), "not declared");
}

}  // namespace
}  // namespace consent::observe
