// SPDX-License-Identifier: Apache-2.0
//
// verify, receipt verify: a journal or an entry of it, judged out of public files alone. Built on
// include/consent/verifier.h, as anybody else's auditor would be.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "consent/verifier.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/consentctl/disclosure_file.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/log_input.h"
#include "src/consentctl/session.h"
#include "src/consentctl/verify_report.h"

namespace consent::ctl {
namespace {

// Exit codes of these two commands: kExitOk, kExitFailed (a fault), kExitBadInput, and:
constexpr int kExitUnreadable = 3;  // Nothing is known to be wrong, but not all could be read.

struct VerifySettings {
  std::string log;
  std::vector<std::string> keys;
  std::string policy;
  std::string since;
  std::string state;
  std::vector<std::string> disclosures;
  std::string directory;
  std::vector<std::string> directory_disclosures;
  std::vector<std::string> packs;
  bool complete = false;
  unsigned threads = 0;
  bool measure = false;
  std::string receipt;
};

int ExitCode(VerifyVerdict verdict) {
  switch (verdict) {
    case VerifyVerdict::kGood:
      return kExitOk;
    case VerifyVerdict::kFaulty:
      return kExitFailed;
    case VerifyVerdict::kUnreadable:
      return kExitUnreadable;
    case VerifyVerdict::kBadInput:
      return kExitBadInput;
  }
  return kExitFailed;
}

absl::StatusOr<std::string> ReadOptional(const std::string& path) {
  if (path.empty()) return std::string();
  return ReadWholeFile(path, kTextBytesMax);
}

// What law and everything else of the directory's is judged by: none when it is not given.
absl::StatusOr<std::optional<LogReport>> VerifyDirectory(const VerifySettings& settings,
                                                         const VerifyOptions& options) {
  if (settings.directory.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const LogSource source, SourceOf(settings.directory, "--directory"));
  const LogReport report = VerifyLog(
      source, {.keys = options.keys, .policy = options.policy, .threads = options.threads});
  if (report.verdict == VerifyVerdict::kBadInput) return BadInput(report.why);
  return report;
}

absl::StatusOr<AuditReport> Judge(const Session& session, const VerifySettings& settings,
                                  const LogSource& source, const LogReport& report,
                                  const std::optional<LogReport>& directory) {
  DisclosureFiles files("--disclosures", settings.disclosures);
  DisclosureFiles directory_files("--directory-disclosures", settings.directory_disclosures);
  Progress progress(session.err, "disclosures judged", 0);
  AuditOptions options;
  options.complete = settings.complete;
  options.progress = [&](uint64_t done) { progress.Show(done); };
  if (directory.has_value()) {
    ASSIGN_OR_RETURN(LogSource directory_source, SourceOf(settings.directory, "--directory"));
    options.directory = DisclosedLog{std::move(directory_source), *directory,
                                     [&](std::string& b) { return directory_files.Next(b); }};
  }
  for (const std::string& path : settings.packs) {
    ASSIGN_OR_RETURN(options.packs.emplace_back(), ReadWholeFile(path, kTextBytesMax));
  }
  AuditReport audit = AuditDecisions(
      source, report, [&](std::string& bytes) { return files.Next(bytes); }, options);
  if (audit.verdict == VerifyVerdict::kBadInput) return BadInput(audit.why);
  RETURN_IF_ERROR(directory_files.status());
  RETURN_IF_ERROR(files.status());
  return audit;
}

VerifyVerdict Worst(const LogReport& report, const std::optional<LogReport>& directory,
                    const std::optional<AuditReport>& audit) {
  if (report.verdict != VerifyVerdict::kGood) return report.verdict;
  if (directory.has_value() && directory->verdict != VerifyVerdict::kGood) {
    return directory->verdict;
  }
  return audit.has_value() ? audit->verdict : VerifyVerdict::kGood;
}

absl::Status CheckTogether(const VerifySettings& settings) {
  if (settings.directory.empty() != settings.directory_disclosures.empty()) {
    return BadInput("--directory, --directory-disclosures: give both or neither");
  }
  if (settings.disclosures.empty() && (!settings.directory.empty() || !settings.packs.empty())) {
    return BadInput("--directory, --pack: only decisions are judged by them; give --disclosures");
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Verify(const Session& session, const VerifySettings& settings) {
  RETURN_IF_ERROR(CheckTogether(settings));
  ASSIGN_OR_RETURN(const LogSource source, SourceOf(settings.log));
  VerifyOptions options;
  ASSIGN_OR_RETURN(options.keys, ReadKeys(settings.keys));
  ASSIGN_OR_RETURN(options.policy, ReadOptional(settings.policy));
  ASSIGN_OR_RETURN(options.since, ReadOptional(settings.since));
  absl::Status saved;
  if (!settings.state.empty()) {
    auto state = ReadFile(settings.state, kTextBytesMax);
    if (state.ok()) options.state = *std::move(state);
    if (!state.ok() && !absl::IsNotFound(state.status())) return AsBadInput(state.status());
    options.save = [&](const std::string& text) { saved = WriteDurably(settings.state, text); };
  }
  options.threads = settings.threads;
  options.measure = settings.measure;
  std::optional<Progress> progress;
  options.progress = [&](uint64_t done, uint64_t total) {
    if (!progress.has_value()) progress.emplace(session.err, "entries verified", total);
    progress->Show(done);
  };
  const LogReport report = VerifyLog(source, options);
  progress.reset();
  if (report.verdict == VerifyVerdict::kBadInput) return BadInput(report.why);
  RETURN_IF_ERROR(saved);

  std::optional<LogReport> directory;
  std::optional<AuditReport> audit;
  if (!settings.disclosures.empty() && report.verdict == VerifyVerdict::kGood) {
    ASSIGN_OR_RETURN(directory, VerifyDirectory(settings, options));
    const bool good = !directory.has_value() || directory->verdict == VerifyVerdict::kGood;
    if (good) {
      ASSIGN_OR_RETURN(audit, Judge(session, settings, source, report, directory));
    }
  }

  if (session.json) {
    Json json = ToJson(report);
    if (directory.has_value()) json["directory"] = ToJson(*directory);
    if (audit.has_value()) json["audit"] = ToJson(*audit);
    session.Print(json);
  } else {
    Table table;
    AddRows(report, table);
    if (directory.has_value() && !directory->root_base64.empty()) {
      table.Add({"Directory", absl::StrCat(Printable(directory->origin), ", ",
                                           Grouped(directory->size), " entries")});
    }
    if (audit.has_value()) AddRows(*audit, table);
    table.Write(session.out);
    WriteFaults(session, report);
    WriteForks(session, report);
    if (directory.has_value()) {
      WriteFaults(session, *directory, "directory");
      WriteForks(session, *directory);
    }
    if (audit.has_value()) WriteFaults(session, *audit);
    session.out << (Worst(report, directory, audit) == VerifyVerdict::kGood
                        ? "The log is whole.\n"
                        : "THE LOG IS NOT FOUND GOOD.\n");
  }
  return ExitCode(Worst(report, directory, audit));
}

absl::StatusOr<int> VerifyOneReceipt(const Session& session, const VerifySettings& settings) {
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, ReadKeys(settings.keys));
  ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(settings.receipt, kTextBytesMax));
  const ReceiptReport report = VerifyReceipt(text, keys);
  if (report.verdict == VerifyVerdict::kBadInput) return BadInput(report.why);
  const bool good = report.verdict == VerifyVerdict::kGood;
  if (session.json) {
    Json json = {{"verdict", Name(report.verdict)}, {"why", report.why}};
    if (good) {
      json.update({{"origin", report.origin},
                   {"size", report.size},
                   {"position", report.entry.position},
                   {"at", Utc(report.entry.at)},
                   {"kind", report.entry.kind},
                   {"channel", report.entry.channel},
                   {"reason", report.entry.reason},
                   {"named_company", report.entry.company},
                   {"directory_size", report.entry.directory_size},
                   {"opened", report.opened}});
    }
    session.Print(json);
    return ExitCode(report.verdict);
  }
  if (!good) {
    session.out << "THE RECEIPT PROVES NOTHING: " << Printable(report.why) << "\n";
    return ExitCode(report.verdict);
  }
  Table table;
  table.Add({"Log", Printable(report.origin)});
  table.Add({"Entry", absl::StrCat(Grouped(report.entry.position), " of ", Grouped(report.size))});
  table.Add({"Time", Utc(report.entry.at)});
  table.Add({"Kind", report.entry.kind});
  if (!report.entry.reason.empty()) table.Add({"Reason", report.entry.reason});
  for (const auto& [name, value] : report.opened) {
    table.Add({Printable(name), Printable(value)});
  }
  table.Write(session.out);
  session.out << "The receipt is good: this entry is in the log, and hides nothing else than what "
                 "is not shown.\n";
  return kExitOk;
}

void AddKeyOption(CLI::App& command, VerifySettings& settings) {
  command
      .add_option("--key", settings.keys,
                  "The log's verifier key, or a file with some; may be given again. Have it from "
                  "elsewhere than the log")
      ->type_name("VKEY");
}

}  // namespace

void AddVerifyCommands(CLI::App& app, Session& session) {
  auto settings = std::make_shared<VerifySettings>();
  CLI::App* const verify =
      AddLocalCommand(app, session, "verify", "Verify a journal out of its public files alone",
                      [&session, settings] { return Verify(session, *settings); });
  verify
      ->add_option("--log", settings->log,
                   "The directory or URL that holds `checkpoint` and `tile/`")
      ->type_name("DIR_OR_URL")
      ->required();
  AddKeyOption(*verify, *settings);
  verify->add_option("--policy", settings->policy, "tlog-policy file: logs, witnesses, quorum")
      ->type_name("FILE");
  verify->add_option("--since", settings->since, "An earlier checkpoint that must be continued")
      ->type_name("FILE");
  verify
      ->add_option("--state", settings->state,
                   "Remembers what was verified; a later run goes on from there")
      ->type_name("FILE");
  verify
      ->add_option("--disclosures", settings->disclosures,
                   "Files of `consentctl disclose`: judge the decisions too")
      ->type_name("FILE");
  verify
      ->add_option("--directory", settings->directory,
                   "The directory's journal, as --log: judge by law, delegations and numbers too")
      ->type_name("DIR_OR_URL");
  verify
      ->add_option("--directory-disclosures", settings->directory_disclosures,
                   "Files of `consentctl disclose` of the directory's journal")
      ->type_name("FILE");
  verify
      ->add_option("--pack", settings->packs,
                   "Rule packs that were in force and that this release does not carry")
      ->type_name("FILE");
  verify->add_flag("--complete", settings->complete,
                   "Entries that are not disclosed are faults, unless they were erased");
  verify->add_option("--threads", settings->threads, "Threads that hash, default one a core")
      ->type_name("N");
  verify->add_flag("--measure", settings->measure, "Compare with SHA-256 over as many bytes");

  CLI::App* const receipt = app.add_subcommand("receipt", "Receipts: proofs of single entries");
  receipt->require_subcommand(1);
  CLI::App* const check =
      AddLocalCommand(*receipt, session, "verify", "Verify a receipt, and show what it proves",
                      [&session, settings] { return VerifyOneReceipt(session, *settings); });
  check->add_option("FILE", settings->receipt, "The receipt")->required();
  AddKeyOption(*check, *settings);
}

}  // namespace consent::ctl
