// SPDX-License-Identifier: Apache-2.0
//
// A line plot as SVG text, with nothing outside of it: no fonts to fetch, no script.

#ifndef CONSENT_BENCH_PLOT_H_
#define CONSENT_BENCH_PLOT_H_

#include <string>
#include <utility>
#include <vector>

namespace consent::bench {

struct Series {
  std::string name;
  std::vector<std::pair<double, double>> points;  // From left to right; x above 0.
};

struct Plot {
  std::string title;
  std::string x_label;
  std::string y_label;
  bool log_y = false;  // Then y is above 0; or else the axis begins at 0.
  std::vector<Series> series;
};

// x is logarithmic, with a mark at every x that a series has. Series without points are left out.
std::string DrawSvg(const Plot& plot);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_PLOT_H_
