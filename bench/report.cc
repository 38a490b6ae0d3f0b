// SPDX-License-Identifier: Apache-2.0

#include "bench/report.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace consent::bench {
namespace {

struct Spread {
  double median;
  double least;
  double most;
};

Spread SpreadOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return {median, values.front(), values.back()};
}

std::string Shown(double value) {
  if (value == std::floor(value) || value >= 1000) return absl::StrFormat("%.0f", value);
  return absl::StrFormat("%.*f", value >= 10 ? 1 : 3, value);
}

}  // namespace

void Report::Add(const std::string& name, const std::string& unit, double value) {
  const auto row =
      std::find_if(rows_.begin(), rows_.end(), [&](const Row& r) { return r.name == name; });
  if (row != rows_.end()) {
    row->values.push_back(value);
  } else {
    rows_.push_back({name, unit, {value}});
  }
}

std::map<uint64_t, double> Report::MediansByNumber(const std::string& prefix) const {
  std::map<uint64_t, double> medians;
  for (const Row& row : rows_) {
    uint64_t number = 0;
    if (absl::StartsWith(row.name, prefix) &&
        absl::SimpleAtoi(row.name.substr(prefix.size()), &number)) {
      medians[number] = SpreadOf(row.values).median;
    }
  }
  return medians;
}

std::string Report::Table() const {
  std::string table =
      absl::StrFormat("%-36s %12s %-12s %s\n", "name", "median", "unit", "least to most");
  for (const Row& row : rows_) {
    const Spread spread = SpreadOf(row.values);
    absl::StrAppendFormat(&table, "%-36s %12s %-12s %s to %s\n", row.name, Shown(spread.median),
                          row.unit, Shown(spread.least), Shown(spread.most));
  }
  return table;
}

absl::Status Report::Save() const {
  if (json_.empty()) return absl::OkStatus();
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Row& row : rows_) {
    const Spread spread = SpreadOf(row.values);
    rows.push_back({{"name", row.name},
                    {"value", spread.median},
                    {"unit", row.unit},
                    {"min", spread.least},
                    {"max", spread.most}});
  }
  std::ofstream file(json_);
  file << rows.dump(2) << "\n";
  file.close();
  if (file) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(json_, ": cannot be written"));
}

}  // namespace consent::bench
