// SPDX-License-Identifier: Apache-2.0

#include "src/observe/page.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "prometheus/text_serializer.h"
#include "src/observe/metric.h"

namespace consent::observe {
namespace {

prometheus::MetricType TypeOf(Kind kind) {
  switch (kind) {
    case Kind::kCounter:
      return prometheus::MetricType::Counter;
    case Kind::kGauge:
      return prometheus::MetricType::Gauge;
    case Kind::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

}  // namespace

prometheus::ClientMetric& Page::New(std::string_view name, bool histogram, const Labels& labels) {
  const Metric* const metric = FindMetric(name);
  if (metric == nullptr || (metric->kind == Kind::kHistogram) != histogram) {
    std::fprintf(stderr, "metric %.*s is not declared so\n", static_cast<int>(name.size()),
                 name.data());
    std::abort();
  }
  prometheus::MetricFamily& family = families_[std::string(name)];
  family.name = name;
  family.help = metric->help;
  family.type = TypeOf(metric->kind);
  prometheus::ClientMetric& one = family.metric.emplace_back();
  for (const auto& [label, value] : labels) one.label.push_back({label, value});
  return one;
}

void Page::Add(std::string_view name, double value, const Labels& labels) {
  prometheus::ClientMetric& one = New(name, /*histogram=*/false, labels);
  one.counter.value = value;
  one.gauge.value = value;
}

void Page::Add(std::string_view name, const HistogramTotals& totals, double unit,
               const Labels& labels) {
  prometheus::ClientMetric& one = New(name, /*histogram=*/true, labels);
  uint64_t below = 0;
  for (size_t i = 0; i < totals.counts.size(); ++i) {
    below += totals.counts[i];
    const double bound = i < totals.bounds.size() ? static_cast<double>(totals.bounds[i]) * unit
                                                  : std::numeric_limits<double>::infinity();
    one.histogram.bucket.push_back({below, bound});
  }
  one.histogram.sample_count = below;
  one.histogram.sample_sum = static_cast<double>(totals.sum) * unit;
}

std::string Page::Text() const {
  std::vector<prometheus::MetricFamily> families;
  for (const Metric& metric : Metrics()) {
    if (const auto found = families_.find(metric.name); found != families_.end()) {
      families.push_back(found->second);
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace consent::observe
