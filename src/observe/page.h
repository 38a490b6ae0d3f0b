// SPDX-License-Identifier: Apache-2.0
//
// Page: metrics with their values, as Prometheus reads them (text format 0.0.4). The only user of
// prometheus-cpp, of which it takes the data model and the serialiser.
//
// Threads: belongs to whoever makes it.

#ifndef CONSENT_OBSERVE_PAGE_H_
#define CONSENT_OBSERVE_PAGE_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "prometheus/metric_family.h"
#include "src/base/histogram.h"

namespace consent::observe {

inline constexpr char kPageType[] = "text/plain; version=0.0.4; charset=utf-8";

class Page {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  // Adds a value. A name that is not in Metrics(), or is there as a histogram, ends the process:
  // the test of the page meets every name.
  void Add(std::string_view name, double value, const Labels& labels = {});
  // The same of a histogram; `unit` is what one of what it has measured is worth.
  void Add(std::string_view name, const HistogramTotals& totals, double unit,
           const Labels& labels = {});

  // The page, families in the order of Metrics().
  std::string Text() const;

 private:
  prometheus::ClientMetric& New(std::string_view name, bool histogram, const Labels& labels);

  std::map<std::string, prometheus::MetricFamily, std::less<>> families_;
};

inline constexpr double kNanosecond = 1e-9;

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_PAGE_H_
