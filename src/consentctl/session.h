// SPDX-License-Identifier: Apache-2.0
//
// Session: one run of the program. Holds what all commands share, and which one was asked for.
//
// Each file *_command.cc adds its commands to the command line; an `Add...` function below says so.
// A command returns its exit code, or the failure that the program then reports.

#ifndef CONSENT_CONSENTCTL_SESSION_H_
#define CONSENT_CONSENTCTL_SESSION_H_

#include <functional>
#include <ostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/consentctl/output.h"

namespace consent::ctl {

struct Session {
  std::ostream& out;
  std::ostream& err;
  std::string server = "127.0.0.1:7420";
  std::string timeout = "10s";  // As typed; Connection reads it.
  // Files, in PEM but for the last. None of them: no TLS.
  std::string tls_ca = {};    // Who vouches for the ledger.
  std::string tls_cert = {};  // Who calls.
  std::string tls_key = {};
  std::string token_file = {};   // Or so.
  std::string traceparent = {};  // Of the trace that calls belong to; what is none is ignored.
  bool json = false;
  // Set by the command that the command line names.
  std::function<absl::StatusOr<int>()> run = {};

  // Writes one line of JSON.
  void Print(const Json& json) const { out << Dump(json) << "\n"; }
};

using Run = std::function<absl::StatusOr<int>()>;

// A command that needs no server: --json and --help are its own.
CLI::App* AddLocalCommand(CLI::App& parent, Session& session, const std::string& name,
                          const std::string& description, Run run);
// A command that asks a server: --server, --timeout and who asks, besides.
CLI::App* AddCommand(CLI::App& parent, Session& session, const std::string& name,
                     const std::string& description, Run run);

// keys
void AddKeysCommands(CLI::App& app, Session& session);
// company, registrar, key, directory, ledger, health
void AddDirectoryCommands(CLI::App& app, Session& session);
// party, number, delegation
void AddAgencyCommands(CLI::App& app, Session& session);
// list
void AddListCommands(CLI::App& app, Session& session);
// bind
void AddBindCommand(CLI::App& app, Session& session);
// grant, claim
void AddGrantCommands(CLI::App& app, Session& session);
// preferences
void AddPreferencesCommand(CLI::App& app, Session& session);
// contract, contest, callback, holder
void AddContractCommands(CLI::App& app, Session& session);
// revoke, block, unblock
void AddNarrowingCommands(CLI::App& app, Session& session);
// send
void AddSendCommand(CLI::App& app, Session& session);
// consume, check
void AddContactCommands(CLI::App& app, Session& session);
// confirm, release, report
void AddPermitCommands(CLI::App& app, Session& session);
// permit verify
void AddPermitVerifyCommand(CLI::App& app, Session& session);
// campaign
void AddCampaignCommand(CLI::App& app, Session& session);
// view
void AddViewCommand(CLI::App& app, Session& session);
// export
void AddExportCommand(CLI::App& app, Session& session);
void AddEraseCommand(CLI::App& app, Session& session);
// entries
void AddEntriesCommand(CLI::App& app, Session& session);
// dossier make, dossier verify
void AddDossierCommands(CLI::App& app, Session& session);
// replay, recount
void AddOfflineCommands(CLI::App& app, Session& session);
// doctor
void AddDoctorCommand(CLI::App& app, Session& session);
// backup, restore
void AddBackupCommands(CLI::App& app, Session& session);
// recover
void AddRecoverCommand(CLI::App& app, Session& session);
// export-log, disclose
void AddCopyCommands(CLI::App& app, Session& session);
// verify, receipt verify
void AddVerifyCommands(CLI::App& app, Session& session);
// trace
void AddTraceCommand(CLI::App& app, Session& session);
// rules list, rules show, rules check, rules put, rules retire, rules in-force
void AddRulesCommands(CLI::App& app, Session& session);
// simulate
void AddSimulateCommand(CLI::App& app, Session& session);
// witness
void AddWitnessCommand(CLI::App& app, Session& session);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_SESSION_H_
