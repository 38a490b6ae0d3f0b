// SPDX-License-Identifier: Apache-2.0
//
// doctor: 0 when all is well, 1 when something deserves a look, 2 when something is wrong.

#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/consentctl/doctor.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"

namespace consent::ctl {

std::string NameOf(Verdict verdict) {
  return verdict == Verdict::kOk ? "ok" : verdict == Verdict::kWarn ? "warn" : "wrong";
}

void Diagnoses::Ok(std::string what, std::string found) {
  all_.push_back({std::move(what), Verdict::kOk, std::move(found), ""});
}
void Diagnoses::Warn(std::string what, std::string found, std::string advice) {
  all_.push_back({std::move(what), Verdict::kWarn, std::move(found), std::move(advice)});
}
void Diagnoses::Wrong(std::string what, std::string found, std::string advice) {
  all_.push_back({std::move(what), Verdict::kWrong, std::move(found), std::move(advice)});
}
void Diagnoses::Wrong(std::string what, const absl::Status& status) {
  Wrong(std::move(what), std::string(status.message()), "do what it says");
}

Verdict Diagnoses::worst() const {
  Verdict worst = Verdict::kOk;
  for (const Diagnosis& finding : all_) worst = std::max(worst, finding.verdict);
  return worst;
}

namespace {

struct DoctorFlags {
  std::string data;
  std::string config;
};

// The settings as consentd would read them; false, and a finding, where it would not start.
bool ReadSettings(const DoctorFlags& flags, consentd::Config& config, Diagnoses& findings) {
  std::vector<const char*> words = {"consentd"};
  for (const auto& [name, value] :
       {std::pair<const char*, const std::string&>("--config", flags.config),
        {"--data", flags.data}}) {
    if (value.empty()) continue;
    words.push_back(name);
    words.push_back(value.c_str());
  }
  std::ostringstream err;
  int exit_code = 0;
  if (consentd::ReadConfig(static_cast<int>(words.size()), words.data(), config, exit_code, err)) {
    return true;
  }
  const std::string text = err.str();
  findings.Wrong(
      "configuration",
      absl::StrCat(flags.config, flags.config.empty() ? "" : ": ",
                   std::string(absl::StripAsciiWhitespace(text.substr(0, text.find('\n'))))),
      "mend the file; docs/reference/configuration.md lists every setting");
  return false;
}

absl::StatusOr<int> Examine(const Session& session, const DoctorFlags& flags) {
  if (flags.data.empty() && flags.config.empty()) {
    return BadInput("expected --data or --config, found neither");
  }
  Diagnoses findings;
  consentd::Config config;
  if (ReadSettings(flags, config, findings)) {
    CheckSettings(config, findings);
    CheckCertificates(config, findings);
    CheckDisk(config, findings);
    CheckLedger(session, config, findings);
    CheckBackups(config, findings);
    CheckMemory(config, findings);
    CheckLimits(findings);
  }
  if (session.json) {
    Json json = Json::array();
    for (const Diagnosis& finding : findings.all()) {
      json.push_back({{"what", finding.what},
                      {"verdict", NameOf(finding.verdict)},
                      {"found", finding.found},
                      {"advice", finding.advice}});
    }
    session.Print({{"verdict", NameOf(findings.worst())}, {"findings", json}});
  } else {
    Table table({"", "WHAT", "FOUND", "WHAT TO DO"});
    for (const Diagnosis& finding : findings.all()) {
      table.Add({NameOf(finding.verdict), Printable(finding.what), Printable(finding.found),
                 Printable(finding.advice)});
    }
    table.Write(session.out);
  }
  return static_cast<int>(findings.worst());
}

}  // namespace

void AddDoctorCommand(CLI::App& app, Session& session) {
  auto flags = std::make_shared<DoctorFlags>();
  CLI::App* const doctor = AddCommand(
      app, session, "doctor", "Say what is wrong with a ledger's machine, files and settings",
      [&session, flags] { return Examine(session, *flags); });
  doctor->add_option("--data", flags->data, "The data folder of consentd")->type_name("DIR");
  doctor->add_option("--config", flags->config, "The file of settings that consentd is given")
      ->type_name("FILE");
}

}  // namespace consent::ctl
