// SPDX-License-Identifier: Apache-2.0
//
// verify, receipt verify: a journal or an entry of it, judged out of public files alone. Built on
// include/consent/verifier.h, as anybody else's auditor would be.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "consent/verifier.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/consentctl/disclosure_file.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/log_input.h"
#include "src/consentctl/session.h"

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

std::string Name(VerifyVerdict verdict) {
  switch (verdict) {
    case VerifyVerdict::kGood:
      return "GOOD";
    case VerifyVerdict::kFaulty:
      return "FAULTY";
    case VerifyVerdict::kUnreadable:
      return "UNREADABLE";
    case VerifyVerdict::kBadInput:
      return "BAD_INPUT";
  }
  return "";
}

std::string Utc(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_seconds),
                          absl::UTCTimeZone());
}

absl::StatusOr<std::string> ReadOptional(const std::string& path) {
  if (path.empty()) return std::string();
  return ReadWholeFile(path, kTextBytesMax);
}

Json FaultsJson(const std::vector<LogFault>& faults) {
  Json json = Json::array();
  for (const LogFault& fault : faults)
    json.push_back({{"where", fault.where}, {"what", fault.what}});
  return json;
}

Json ToJson(const LogReport& report) {
  Json json = {{"verdict", Name(report.verdict)},
               {"why", report.why},
               {"faults", FaultsJson(report.faults)},
               {"faults_more", report.faults_more},
               {"origin", report.origin},
               {"size", report.size},
               {"root_hash", report.root_base64},
               {"signed_by", report.signed_by},
               {"entries_verified", report.entries_verified},
               {"entries_known", report.entries_known},
               {"since_size", report.since_size},
               {"entry_bytes", report.entry_bytes},
               {"seconds", report.seconds},
               {"threads", report.threads}};
  if (report.entries_verified > 0) {
    json["first_at"] = Utc(report.first_at);
    json["last_at"] = Utc(report.last_at);
  }
  if (report.sha256_seconds > 0) json["sha256_seconds"] = report.sha256_seconds;
  Json witnesses = Json::array();
  for (const WitnessSeen& seen : report.cosigned_by) {
    witnesses.push_back({{"witness", seen.witness}, {"at", Utc(seen.unix_seconds)}});
  }
  json["cosigned_by"] = witnesses;
  Json forks = Json::array();
  for (const Fork& fork : report.forks) forks.push_back({{"one", fork.one}, {"other", fork.other}});
  json["forks"] = forks;
  return json;
}

Json ToJson(const AuditReport& report) {
  return {{"verdict", Name(report.verdict)},
          {"why", report.why},
          {"faults", FaultsJson(report.faults)},
          {"faults_more", report.faults_more},
          {"disclosed", report.disclosed},
          {"undisclosed", report.undisclosed},
          {"consumers", report.consumers},
          {"decided", report.decided},
          {"allowed", report.allowed},
          {"denied", report.denied},
          {"denied_by_reason", report.denied_by_reason},
          {"contacts", report.contacts},
          {"limits_checked", report.limits_checked},
          {"over_limit", report.over_limit},
          {"without_grant", report.without_grant},
          {"retaken", report.retaken},
          {"retaken_differently", report.retaken_differently},
          {"not_retaken", report.not_retaken},
          {"on_other_bases", report.on_other_bases}};
}

void AddRows(const LogReport& report, Table& table) {
  if (!report.origin.empty()) table.Add({"Log", Printable(report.origin)});
  if (!report.root_base64.empty()) {
    table.Add({"Entries", Grouped(report.size)});
    table.Add({"Root hash", report.root_base64});
  }
  for (const std::string& key : report.signed_by) table.Add({"Signed by", Printable(key)});
  for (const WitnessSeen& seen : report.cosigned_by) {
    table.Add({"Cosigned by", absl::StrCat(Printable(seen.witness), ", ", Utc(seen.unix_seconds))});
  }
  if (report.since_size > 0) {
    table.Add({"Continues",
               absl::StrCat("the earlier checkpoint of ", Grouped(report.since_size), " entries")});
  }
  if (report.entries_known > 0) {
    table.Add({"Known", absl::StrCat(Grouped(report.entries_known),
                                     " entries verified before; the log begins with them")});
  }
  table.Add({"Verified", absl::StrCat(Grouped(report.entries_verified), " entries, ",
                                      Grouped(report.entry_bytes), " bytes, in ",
                                      absl::StrFormat("%.2f s on %u threads", report.seconds,
                                                      report.threads))});
  if (report.entries_verified > 0) {
    table.Add({"From", absl::StrCat(Utc(report.first_at), " to ", Utc(report.last_at))});
  }
  if (report.sha256_seconds > 0) {
    table.Add({"SHA-256",
               absl::StrFormat("%.2f s for as many bytes in one go: this took %.1f times "
                               "as long",
                               report.sha256_seconds, report.seconds / report.sha256_seconds)});
  }
}

void AddRows(const AuditReport& report, Table& table) {
  table.Add({"Disclosed",
             absl::StrCat(Grouped(report.disclosed), " entries about ", Grouped(report.consumers),
                          " consumers; not: ", Grouped(report.undisclosed))});
  table.Add({"Decisions", absl::StrCat(Grouped(report.decided), ": ", Grouped(report.allowed),
                                       " allowed, ", Grouped(report.denied), " denied")});
  for (const auto& [reason, count] : report.denied_by_reason) {
    table.Add({"  " + reason, Grouped(count)});
  }
  table.Add({"Contacts", absl::StrCat(Grouped(report.contacts), " (not given back)")});
  table.Add({"Limits", absl::StrCat(Grouped(report.limits_checked), " checked, ",
                                    Grouped(report.over_limit), " passed")});
  table.Add({"Without a grant", Grouped(report.without_grant)});
  table.Add({"Taken again", absl::StrCat(Grouped(report.retaken), " decisions, ",
                                         Grouped(report.retaken_differently), " differently")});
  if (report.not_retaken > 0) {
    table.Add({"Not taken again", absl::StrCat(Grouped(report.not_retaken),
                                               ": law or directory may have borne on them")});
  }
}

template <class Report>
void WriteFaults(const Session& session, const Report& report) {
  for (const LogFault& fault : report.faults) {
    session.out << "FAULT " << Printable(fault.where) << ": " << Printable(fault.what) << "\n";
  }
  if (report.faults_more > 0) {
    session.out << "FAULT and " << Grouped(report.faults_more) << " more\n";
  }
  if (!report.why.empty()) session.out << "UNREADABLE " << Printable(report.why) << "\n";
}

void WriteForks(const Session& session, const LogReport& report) {
  for (const Fork& fork : report.forks) {
    session.out << "\nTwo checkpoints that cannot both be true, signed by one key:\n\n"
                << fork.one << "\n"
                << fork.other;
  }
}

absl::StatusOr<int> Verify(const Session& session, const VerifySettings& settings) {
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

  std::optional<AuditReport> audit;
  if (!settings.disclosures.empty() && report.verdict == VerifyVerdict::kGood) {
    DisclosureFiles files(settings.disclosures);
    progress.emplace(session.err, "disclosures judged", 0);
    AuditOptions audit_options;
    audit_options.complete = settings.complete;
    audit_options.progress = [&](uint64_t done) { progress->Show(done); };
    audit = AuditDecisions(
        source, report, [&](std::string& bytes) { return files.Next(bytes); }, audit_options);
    progress.reset();
    if (audit->verdict == VerifyVerdict::kBadInput) return BadInput(audit->why);
    RETURN_IF_ERROR(files.status());
  }

  if (session.json) {
    Json json = ToJson(report);
    if (audit.has_value()) json["audit"] = ToJson(*audit);
    session.Print(json);
  } else {
    Table table;
    AddRows(report, table);
    if (audit.has_value()) AddRows(*audit, table);
    table.Write(session.out);
    WriteFaults(session, report);
    WriteForks(session, report);
    if (audit.has_value()) WriteFaults(session, *audit);
    const bool good = report.verdict == VerifyVerdict::kGood &&
                      (!audit.has_value() || audit->verdict == VerifyVerdict::kGood);
    session.out << (good ? "The log is whole.\n" : "THE LOG IS NOT FOUND GOOD.\n");
  }
  if (report.verdict != VerifyVerdict::kGood) return ExitCode(report.verdict);
  return audit.has_value() ? ExitCode(audit->verdict) : kExitOk;
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
