// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/verify_report.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace consent::ctl {
namespace {

Json FaultsJson(const std::vector<LogFault>& faults) {
  Json json = Json::array();
  for (const LogFault& fault : faults)
    json.push_back({{"where", fault.where}, {"what", fault.what}});
  return json;
}

// What was not known, and how to make it known.
std::string WhyNotRetaken(const AuditReport& report) {
  std::string_view give;
  switch (report.not_retaken_cause) {
    case NotRetakenCause::kNone:
    case NotRetakenCause::kDirectoryWasLost:
      break;
    case NotRetakenCause::kNoDirectory:
      give = "; give it with --directory and --directory-disclosures";
      break;
    case NotRetakenCause::kDirectoryIsShort:
      give = "; copy and disclose it again, after the other journal";
      break;
    case NotRetakenCause::kUnknownLaw:
      give = "; give their files with --pack";
      break;
  }
  return absl::StrCat(report.not_retaken_why, std::string(give));
}

template <class Report>
void WriteFaultsOf(const Session& session, const Report& report, const std::string& log) {
  const std::string before = log.empty() ? "FAULT " : absl::StrCat("FAULT ", log, ": ");
  for (const LogFault& fault : report.faults) {
    session.out << before << Printable(fault.where) << ": " << Printable(fault.what) << "\n";
  }
  if (report.faults_more > 0) {
    session.out << before << "and " << Grouped(report.faults_more) << " more\n";
  }
  if (!report.why.empty()) session.out << "UNREADABLE " << Printable(report.why) << "\n";
}

}  // namespace

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
          {"not_retaken_why", WhyNotRetaken(report)},
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
    table.Add({"Not taken again",
               absl::StrCat(Grouped(report.not_retaken), ": ", Printable(WhyNotRetaken(report)))});
  }
}

void WriteFaults(const Session& session, const LogReport& report, const std::string& log) {
  WriteFaultsOf(session, report, log);
}
void WriteFaults(const Session& session, const AuditReport& report) {
  WriteFaultsOf(session, report, "");
}

void WriteForks(const Session& session, const LogReport& report) {
  for (const Fork& fork : report.forks) {
    session.out << "\nTwo checkpoints that cannot both be true, signed by one key:\n\n"
                << fork.one << "\n"
                << fork.other;
  }
}

}  // namespace consent::ctl
