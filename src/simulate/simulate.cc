// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/simulate.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "src/base/durable_file.h"
#include "src/rules/pack.h"
#include "src/simulate/report.h"
#include "src/simulate/runner.h"
#include "src/simulate/scenario_file.h"

namespace consent::simulate {
namespace {

using text::FileError;
using text::kErrorsMax;
using text::kFileBytesMax;

// What `in` holds, but no more than one byte beyond the limit, which the parser then refuses.
std::string ReadUpToLimit(std::istream& in) {
  std::string text(kFileBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  return text;
}

// Writes a line for each fault of the file called `name`; whether there was none.
bool ReportErrors(const std::string& name, const std::vector<FileError>& errors, bool more,
                  std::ostream& err) {
  for (const FileError& error : errors) {
    err << name << ':';
    if (error.line > 0) err << error.line << ':';
    err << ' ' << error.message << '\n';
  }
  if (more) {
    err << name << ": further errors are not shown (at most " << kErrorsMax << " are)\n";
  }
  return errors.empty();
}

// The packs in the files at `paths`; nullopt, with a message, where one cannot be used.
std::optional<std::vector<rules::Pack>> ReadPacks(const std::vector<std::string>& paths,
                                                  std::ostream& err) {
  std::vector<rules::Pack> packs;
  for (const std::string& path : paths) {
    const absl::StatusOr<std::string> text = ReadFile(path, kFileBytesMax);
    if (!text.ok()) {
      err << path << ": expected a rule pack that can be read, found: " << text.status().message()
          << '\n';
      return std::nullopt;
    }
    rules::PackFile file = rules::ParsePack(*text);
    if (!ReportErrors(path, file.errors, file.more_errors, err)) return std::nullopt;
    packs.push_back(std::move(file.pack));
  }
  return packs;
}

}  // namespace

int RunSimulate(std::istream& in, const std::string& name, const SimulateOptions& options,
                std::ostream& out, std::ostream& err) {
  const std::string text = ReadUpToLimit(in);
  if (in.bad()) {
    err << name << ": expected a readable file, found that reading it fails\n";
    return kExitBadFile;
  }
  const std::optional<std::vector<rules::Pack>> packs = ReadPacks(options.packs, err);
  if (!packs.has_value()) return kExitBadFile;
  const ScenarioFile file = ParseScenario(text, *packs);
  if (!ReportErrors(name, file.errors, file.more_errors, err)) return kExitBadFile;

  const std::vector<StepResult> results = RunScenario(file.scenario);
  if (options.json) {
    WriteJson(file.scenario, results, out);
  } else {
    WriteTable(file.scenario, results, out);
  }
  out.flush();
  if (!out.good()) {
    err << name << ": the results could not be written\n";
    return kExitNotWritten;
  }
  return kExitOk;
}

int RunSimulate(const std::string& path, const SimulateOptions& options, std::ostream& out,
                std::ostream& err) {
  if (path == "-") return RunSimulate(std::cin, "standard input", options, out, err);
  std::error_code ignored;
  std::ifstream in(path, std::ios::binary);
  // A folder opens like a file and fails only when it is read.
  if (!in.is_open() || std::filesystem::is_directory(path, ignored)) {
    err << path << ": expected a scenario file that can be read, found none\n";
    return kExitBadFile;
  }
  return RunSimulate(in, path, options, out, err);
}

}  // namespace consent::simulate
