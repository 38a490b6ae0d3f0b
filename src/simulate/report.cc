// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/report.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/simulate/description.h"
#include "src/text/zone_name.h"

namespace consent::simulate {
namespace {

using text::FormatLocal;

std::string_view DecisionWord(const StepResult& result) {
  if (result.kind == StepResult::Kind::kRefused) return "REFUSED";
  if (result.kind == StepResult::Kind::kTaken) return "";
  switch (result.decision.verdict) {
    case core::Verdict::kAllowed:
      return "ALLOWED";
    case core::Verdict::kDenied:
      return "DENIED";
    case core::Verdict::kError:
      return "ERROR";
    case core::Verdict::kDone:
      return "DONE";
    case core::Verdict::kUnspecified:
      break;
  }
  return "";
}

std::string_view ReasonWord(const StepResult& result) { return core::Name(result.decision.reason); }

absl::TimeZone ZoneOfStep(const Scenario& scenario, StepIndex index) {
  const std::optional<ConsumerIndex> consumer = scenario.ConsumerOf(index);
  if (!consumer.has_value()) return absl::UTCTimeZone();
  return scenario.consumers[*consumer].zone();
}

// `text` as a JSON string. Names in a sound scenario are printable ASCII, so two characters need
// an escape and no more.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string JsonTime(std::optional<Instant> t, const absl::TimeZone& zone) {
  return t.has_value() ? Quoted(FormatLocal(ToAbslTime(*t), zone)) : "null";
}

std::string JsonRemaining(const std::vector<core::Remaining>& remaining) {
  std::string out;
  for (const core::Remaining& rest : remaining) {
    absl::StrAppend(&out, out.empty() ? "" : ", ", Quoted(rest.limit), ": ", rest.count);
  }
  return absl::StrCat("{", out, "}");
}

constexpr size_t kColumns = 8;
using Row = std::array<std::string, kColumns>;

// The rows of one step: one, and those that continue its description.
std::vector<Row> RowsOf(const Scenario& scenario, StepIndex index, const StepResult& result) {
  const absl::TimeZone zone = ZoneOfStep(scenario, index);
  const auto time = [&zone](std::optional<Instant> t) {
    return t.has_value() ? FormatLocal(ToAbslTime(*t), zone) : std::string("-");
  };
  Row row;
  row[0] = absl::StrCat(index);
  row[1] = time(scenario.steps[index].at);
  const std::vector<std::string> what = DescribeStep(scenario, index);
  row[2] = what[0];
  row[3] = std::string(DecisionWord(result));
  row[4] = std::string(ReasonWord(result));
  if (!result.decision.limit.empty()) absl::StrAppend(&row[4], " (", result.decision.limit, ")");
  if (!result.decision.rule.empty()) absl::StrAppend(&row[4], " [", result.decision.rule, "]");
  for (const core::Remaining& rest : result.decision.remaining) {
    absl::StrAppend(&row[5], row[5].empty() ? "" : ", ", rest.limit, " ", rest.count);
  }
  if (result.kind == StepResult::Kind::kAnswered) {
    row[6] = time(result.decision.next_allowed);
    row[7] = time(result.decision.contact_before);
  }
  std::vector<Row> rows = {row};
  for (size_t i = 1; i < what.size(); ++i) {
    rows.emplace_back();
    rows.back()[2] = "  " + what[i];
  }
  return rows;
}

}  // namespace

void WriteJson(const Scenario& scenario, const std::vector<StepResult>& results,
               std::ostream& out) {
  for (StepIndex i = 0; i < results.size(); ++i) {
    const StepResult& result = results[i];
    if (result.kind == StepResult::Kind::kTaken) continue;
    const absl::TimeZone zone = ZoneOfStep(scenario, i);
    const core::Decision& decision = result.decision;
    out << absl::StrCat("{\"step\": ", i, ", \"decision\": ", Quoted(DecisionWord(result)),
                        ", \"reason\": ", Quoted(ReasonWord(result)),
                        ", \"limit\": ", Quoted(decision.limit),
                        ", \"rule\": ", Quoted(decision.rule),
                        ", \"remaining\": ", JsonRemaining(decision.remaining),
                        ", \"next_allowed_time\": ", JsonTime(decision.next_allowed, zone),
                        ", \"contact_before\": ", JsonTime(decision.contact_before, zone), "}\n");
  }
}

void WriteTable(const Scenario& scenario, const std::vector<StepResult>& results,
                std::ostream& out) {
  std::vector<Row> rows = {{"step", "when (local)", "what", "decision", "reason", "remaining",
                            "next allowed", "contact before"}};
  for (StepIndex i = 0; i < results.size(); ++i) {
    for (Row& row : RowsOf(scenario, i, results[i])) rows.push_back(std::move(row));
  }
  std::array<size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < kColumns; ++i) {
      line += row[i];
      line.append(widths[i] - row[i].size() + 2, ' ');
    }
    // No blanks at the end of a line: they are an annoyance in diffs and mails.
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

}  // namespace consent::simulate
