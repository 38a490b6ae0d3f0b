// SPDX-License-Identifier: Apache-2.0

#include "bench/measure_checks.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "tests/load/spawn.h"

namespace consent::bench {
namespace {

using Json = nlohmann::json;

// Runs consentctl with these words and --json: what it prints.
absl::StatusOr<Json> Ask(const StoppedLedger& ledger, std::vector<std::string> words) {
  words.insert(words.begin(), ledger.consentctl);
  words.push_back("--json");
  const std::string path = ledger.scratch + "/printed";
  const int printed = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (printed < 0) return absl::FailedPreconditionError(path + ": cannot be written");
  const pid_t pid = load::Spawn(words, printed);
  close(printed);
  int status = 0;
  if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
      WEXITSTATUS(status) != 0) {
    return absl::InternalError(absl::StrCat("consentctl ", words[1], " has failed"));
  }
  // Progress goes before the answer, on a line of its own.
  Json answer;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    Json parsed = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (parsed.is_object()) answer = std::move(parsed);
  }
  if (answer.is_object()) return answer;
  return absl::InternalError(absl::StrCat("consentctl ", words[1], " printed no JSON"));
}

}  // namespace

absl::Status MeasureChecks(const StoppedLedger& ledger, double ingest_per_second, Report& report) {
  const absl::Time began = absl::Now();
  ASSIGN_OR_RETURN(const Json replayed, Ask(ledger, {"replay", "--data", ledger.folder}));
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began);
  const double rate = replayed.value("entries", 0.0) / seconds;
  report.Add("replay_vs_ingest", "ratio", rate / ingest_per_second);
  report.Add("replay_per_second", "1/s", rate);

  const std::string log = ledger.scratch + "/log";
  RETURN_IF_ERROR(Ask(ledger, {"export-log", "--data", ledger.folder, "--out", log}).status());
  ASSIGN_OR_RETURN(const Json verified,
                   Ask(ledger, {"verify", "--log", log, "--key", ledger.journal_key, "--measure"}));
  const double took = verified.value("seconds", 0.0);
  report.Add("verify_vs_sha256", "ratio", verified.value("sha256_seconds", 0.0) / took);
  report.Add("verify_per_second", "1/s", verified.value("entries_verified", 0.0) / took);
  return absl::OkStatus();
}

}  // namespace consent::bench
