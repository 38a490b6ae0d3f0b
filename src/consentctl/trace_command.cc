// SPDX-License-Identifier: Apache-2.0
//
// trace: what a consumer's key of one year finds in a log, and that there is no more.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "consent/verifier.h"
#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/log_input.h"
#include "src/consentctl/session.h"
#include "src/consentctl/trace.h"
#include "src/verify/describe.h"

namespace consent::ctl {
namespace {

struct TraceSettings {
  std::string log;
  std::vector<std::string> keys;
  std::string tag_key;
  int32_t year = 0;
};

absl::StatusOr<crypto::Secret> ParseTagKey(const std::string& text) {
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes) || bytes.size() != crypto::Secret::kSize) {
    return BadInput("--tag-key: expected 32 bytes in base64, as `consentctl view --json` shows");
  }
  auto key = crypto::Secret::FromBytes(bytes);
  crypto::Wipe(bytes);
  return key;
}

// The log as VerifyLog finds it; an error unless it is good.
absl::StatusOr<LogReport> VerifyFirst(const Session& session, const LogSource& source,
                                      const TraceSettings& settings) {
  VerifyOptions options;
  ASSIGN_OR_RETURN(options.keys, ReadKeys(settings.keys));
  std::optional<Progress> progress;
  options.progress = [&](uint64_t done, uint64_t total) {
    if (!progress.has_value()) progress.emplace(session.err, "entries verified", total);
    progress->Show(done);
  };
  LogReport report = VerifyLog(source, options);
  progress.reset();
  switch (report.verdict) {
    case VerifyVerdict::kGood:
      return report;
    case VerifyVerdict::kBadInput:
      return BadInput(report.why);
    case VerifyVerdict::kUnreadable:
      return absl::UnavailableError(absl::StrCat("the log could not be read: ", report.why));
    case VerifyVerdict::kFaulty:
      break;
  }
  const LogFault first = report.faults.empty() ? LogFault{} : report.faults.front();
  return absl::DataLossError(absl::StrCat("the log is not found good: ", first.where, " ",
                                          first.what, "; `consentctl verify` tells more"));
}

uint64_t Asked(const TraceReport& report) {
  uint64_t asked = 0;
  for (const Traced& one : report.found) {
    if (one.entry.kind == static_cast<uint8_t>(core::Kind::kDecided)) ++asked;
  }
  return asked;
}

Json ToJson(const LogReport& log, const TraceReport& report, int32_t year) {
  Json found = Json::array();
  for (const Traced& one : report.found) {
    const EntryShown shown = verify::Describe(one.entry);
    found.push_back({{"number", one.number},
                     {"position", shown.position},
                     {"at", verify::FormatInstant(one.entry.at)},
                     {"kind", shown.kind},
                     {"channel", shown.channel},
                     {"reason", shown.reason},
                     {"company", shown.company}});
  }
  return {{"verdict", report.faults.empty() ? "GOOD" : "FAULTY"},
          {"origin", log.origin},
          {"size", log.size},
          {"root_hash", log.root_base64},
          {"year", year},
          {"found", found},
          {"asked", Asked(report)},
          {"absent_from", report.next},
          {"absent_to", report.next + kTraceAhead},
          {"faults", report.faults}};
}

void WritePage(const Session& session, const LogReport& log, const TraceReport& report,
               int32_t year) {
  Table head;
  head.Add({"Log", Printable(log.origin)});
  head.Add({"Entries", Grouped(log.size)});
  head.Add({"Root hash", log.root_base64});
  head.Add({"Found", absl::StrCat(report.found.size(), " in ", year, ", of which ", Asked(report),
                                  " requests to contact")});
  head.Write(session.out);
  if (!report.found.empty()) {
    session.out << "\n";
    Table table({"  NUMBER", "POSITION", "TIME", "KIND", "CHANNEL", "ANSWER", "COMPANY"});
    for (const Traced& one : report.found) {
      const EntryShown shown = verify::Describe(one.entry);
      table.Add({absl::StrCat("  ", one.number), absl::StrCat(shown.position),
                 verify::FormatInstant(one.entry.at), shown.kind, shown.channel, shown.reason,
                 Printable(shown.company)});
    }
    table.Write(session.out);
  }
  session.out << "\n";
  for (const std::string& fault : report.faults) session.out << "FAULT " << fault << "\n";
  if (!report.faults.empty()) {
    session.out << "THE CONSUMER'S ENTRIES ARE NOT WHOLE.\n";
    return;
  }
  session.out << "Number " << report.next << " and the " << kTraceAhead
              << " after it are in none of the " << Grouped(log.size)
              << " entries: nothing else was recorded of this consumer in " << year << " (UTC).\n";
  if (report.found.empty()) {
    session.out << "Nothing ties a key that finds nothing to a consumer: know from whom you have "
                   "it.\n";
  }
}

absl::StatusOr<int> RunTrace(const Session& session, const TraceSettings& settings) {
  TraceOptions options;
  options.year = settings.year;
  ASSIGN_OR_RETURN(options.key, ParseTagKey(settings.tag_key));
  ASSIGN_OR_RETURN(const LogSource source, SourceOf(settings.log));
  ASSIGN_OR_RETURN(const LogReport log, VerifyFirst(session, source, settings));
  std::optional<Progress> progress;
  progress.emplace(session.err, "entries looked at", log.size);
  options.progress = [&](uint64_t done) { progress->Show(done); };
  const absl::StatusOr<TraceReport> report = Trace(source, log, options);
  progress.reset();
  RETURN_IF_ERROR(report.status());
  if (session.json) {
    session.Print(ToJson(log, *report, settings.year));
  } else {
    WritePage(session, log, *report, settings.year);
  }
  return report->faults.empty() ? kExitOk : kExitFailed;
}

}  // namespace

void AddTraceCommand(CLI::App& app, Session& session) {
  auto settings = std::make_shared<TraceSettings>();
  CLI::App* const command = AddLocalCommand(
      app, session, "trace",
      "Find a consumer's entries of one year in a log, with their key, and show that there are no "
      "more",
      [&session, settings] { return RunTrace(session, *settings); });
  command
      ->add_option("--log", settings->log,
                   "The directory or URL that holds `checkpoint` and `tile/`")
      ->type_name("DIR_OR_URL")
      ->required();
  command
      ->add_option("--key", settings->keys,
                   "The log's verifier key, or a file with some; may be given again. Have it from "
                   "elsewhere than the log")
      ->type_name("VKEY")
      ->required();
  command
      ->add_option("--tag-key", settings->tag_key,
                   "The consumer's key of the year, as `consentctl view --json` shows it")
      ->type_name("BASE64")
      ->required();
  command->add_option("--year", settings->year, "The key's year (UTC)")
      ->type_name("YEAR")
      ->required();
}

}  // namespace consent::ctl
