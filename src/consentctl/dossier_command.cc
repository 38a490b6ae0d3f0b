// SPDX-License-Identifier: Apache-2.0
//
// dossier make, dossier verify: the evidence in a complaint.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/dossier.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/session.h"
#include "src/contact/contact_point.h"

namespace consent::ctl {
namespace {

constexpr size_t kPageBytesMax = size_t{256} << 20;

struct MakeOptions {
  std::string contact;
  std::string company;
  std::string caller_number;
  std::string from;
  std::string until;
  std::string out;
};

struct VerifyFileOptions {
  std::string file;
  std::vector<std::string> keys;
};

absl::StatusOr<v1::GetDossierRequest> ToRequest(const MakeOptions& options) {
  v1::GetDossierRequest request;
  request.set_contact_point(options.contact);
  request.set_company(options.company);
  request.set_caller_number(options.caller_number);
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_from(), ParseTime(options.from, "--from"));
  }
  if (!options.until.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_until(), ParseTime(options.until, "--until"));
  }
  return request;
}

// Fills in what the ledger gives.
absl::Status Collect(const Session& session, const Connection& connection,
                     const v1::GetDossierRequest& request, Dossier& dossier) {
  ASSIGN_OR_RETURN(const v1::GetLedgerResponse ledger,
                   connection.Call(connection.directory(), &v1::DirectoryService::Stub::GetLedger,
                                   v1::GetLedgerRequest()));
  dossier.ledger = ledger.origin();
  for (const v1::JournalInfo& journal : ledger.journals()) {
    for (const std::string& key : journal.verifier_keys()) dossier.verifier_keys.push_back(key);
  }
  grpc::ClientContext context;  // No deadline: the journal is read from end to end.
  connection.Trace(context);
  const auto stream = connection.journals().GetDossier(&context, request);
  Progress progress(session.err, "entries found", 0);
  v1::GetDossierResponse part;
  bool ended = false;
  while (stream->Read(&part)) {
    if (part.has_entry()) {
      dossier.receipts.push_back(part.entry().receipt());
      progress.Show(dossier.receipts.size());
    } else if (part.has_end()) {
      ended = true;
      dossier.known = part.end().known();
      dossier.journal_size = part.end().journal_size();
    }
  }
  RETURN_IF_ERROR(FromRpc(stream->Finish(), connection.server()));
  if (!ended) return absl::DataLossError("the ledger's answer ended before its end");
  return absl::OkStatus();
}

int Tell(const Session& session, const std::string& file, const Dossier& dossier,
         const Findings& findings) {
  if (session.json) {
    Json entries = Json::array();
    for (const Finding& finding : findings.entries) {
      entries.push_back({{"journal_origin", finding.journal_origin},
                         {"entry", finding.position},
                         {"at", finding.unix_seconds},
                         {"kind", finding.kind},
                         {"what", finding.title},
                         {"details", finding.details}});
    }
    session.Print({{"file", file},
                   {"verified", true},
                   {"receipts", dossier.receipts.size()},
                   {"allowed", findings.allowed},
                   {"denied", findings.denied},
                   {"known", dossier.known},
                   {"journal_size", dossier.journal_size},
                   {"entries", entries}});
    return kExitOk;
  }
  Table table;
  table.Add({"Dossier", file});
  table.Add({"Ledger", dossier.ledger});
  table.Add({"Receipts", absl::StrCat(dossier.receipts.size(), ", each verified")});
  table.Add({"Allowed", Grouped(findings.allowed)});
  table.Add({"Denied", Grouped(findings.denied)});
  table.Add({"Looked through", absl::StrCat(Grouped(dossier.journal_size), " entries")});
  table.Write(session.out);
  return kExitOk;
}

absl::StatusOr<int> Make(const Session& session, const MakeOptions& options) {
  ASSIGN_OR_RETURN(const v1::GetDossierRequest request, ToRequest(options));
  const auto point = contact::ContactPoint::Parse(options.contact);
  if (!point.ok()) return AsBadInput(point.status());
  Dossier dossier;
  dossier.contact_point = point->uri();
  dossier.company = options.company;
  dossier.caller_number = options.caller_number;
  dossier.from = options.from;
  dossier.until = options.until;
  dossier.made_at = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now(), absl::UTCTimeZone());
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  RETURN_IF_ERROR(Collect(session, connection, request, dossier));
  ASSIGN_OR_RETURN(const Findings findings, Examine(dossier));
  RETURN_IF_ERROR(AsBadInput(WriteDurably(options.out, ToPage(dossier, findings))));
  return Tell(session, options.out, dossier, findings);
}

absl::StatusOr<int> Verify(const Session& session, const VerifyFileOptions& options) {
  ASSIGN_OR_RETURN(const std::string page, ReadWholeFile(options.file, kPageBytesMax));
  absl::StatusOr<Dossier> dossier = FromPage(page);
  if (!dossier.ok()) return AsBadInput(dossier.status());
  // What it says of itself is shown by making it again with the keys that are trusted.
  Dossier trusted = *dossier;
  trusted.verifier_keys = options.keys;
  absl::StatusOr<Findings> findings = Examine(trusted);
  RETURN_IF_ERROR(findings.status());
  if (ToPage(*dossier, *findings) != page) {
    return absl::DataLossError(
        "the page says other things than its receipts do, or was made by another version");
  }
  return Tell(session, options.file, *dossier, *findings);
}

}  // namespace

void AddDossierCommands(CLI::App& app, Session& session) {
  CLI::App* const dossier =
      app.add_subcommand("dossier", "The evidence in a complaint, in one file");
  dossier->require_subcommand(1);

  auto making = std::make_shared<MakeOptions>();
  CLI::App* const make =
      AddCommand(*dossier, session, "make",
                 "Collect what was said, asked and answered about a contact point, with proof",
                 [&session, making] { return Make(session, *making); });
  make->add_option("CONTACT", making->contact, "The contact point, such as +33639980001")
      ->required();
  make->add_option("--company", making->company, "Only what concerns this company")
      ->type_name("COMPANY");
  make->add_option("--caller-number", making->caller_number,
                   "Only contacts that showed this number")
      ->type_name("NUMBER");
  make->add_option("--from", making->from, "Only what was asked from this time on (RFC 3339)")
      ->type_name("TIME");
  make->add_option("--until", making->until, "Only what was asked before this time (RFC 3339)")
      ->type_name("TIME");
  make->add_option("--out", making->out, "The page to write (HTML, its data inside)")
      ->type_name("FILE")
      ->required();

  auto verifying = std::make_shared<VerifyFileOptions>();
  CLI::App* const verify = AddLocalCommand(
      *dossier, session, "verify", "Check a dossier with nothing but the ledger's public keys",
      [&session, verifying] { return Verify(session, *verifying); });
  verify->add_option("FILE", verifying->file, "A dossier")->required();
  verify
      ->add_option("--key", verifying->keys,
                   "A verifier key of the ledger's, of each journal one; may be repeated")
      ->type_name("VKEY")
      ->required();
}

}  // namespace consent::ctl
