// SPDX-License-Identifier: Apache-2.0
//
// Report: named figures, each measured once a round. The names are documented in
// docs/performance.md and stay.

#ifndef CONSENT_BENCH_REPORT_H_
#define CONSENT_BENCH_REPORT_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace consent::bench {

class Report {
 public:
  // Kept in this file; nowhere when empty.
  explicit Report(std::string json = "") : json_(std::move(json)) {}

  // Adds a round's value to the figure. Figures are shown in the order they are first added.
  void Add(const std::string& name, const std::string& unit, double value);

  // Of the figures whose names are `prefix` and a number: their medians, by that number.
  std::map<uint64_t, double> MediansByNumber(const std::string& prefix) const;

  // A table for people: the median of the rounds, the least and the most.
  std::string Table() const;
  // Writes the file, as far as there are figures:
  // [{"name": ..., "value": (the median), "unit": ..., "min": ..., "max": ...}, ...]
  absl::Status Save() const;

 private:
  struct Row {
    std::string name;
    std::string unit;
    std::vector<double> values;
  };
  const std::string json_;
  std::vector<Row> rows_;
};

}  // namespace consent::bench

#endif  // CONSENT_BENCH_REPORT_H_
