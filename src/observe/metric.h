// SPDX-License-Identifier: Apache-2.0
//
// Metrics: the one place that says which there are. Their page (page.h) shows no other; the
// reference (docs/reference/metrics.md), the dashboard and the alerts are compared with this list.
//
// All are totals: no label names a company, a person, a number or a key.

#ifndef CONSENT_OBSERVE_METRIC_H_
#define CONSENT_OBSERVE_METRIC_H_

#include <span>
#include <string>
#include <string_view>

namespace consent::observe {

enum class Kind { kCounter, kGauge, kHistogram };
// "counter".
std::string_view NameOf(Kind kind);

struct Metric {
  std::string_view name;
  Kind kind;
  std::string_view labels;  // Their names, with ", " between; empty: none.
  std::string_view help;
};

std::span<const Metric> Metrics();
// Null where there is none of this name.
const Metric* FindMetric(std::string_view name);

// The table of the reference, in Markdown.
std::string MetricsTable();

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_METRIC_H_
