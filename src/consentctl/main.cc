// SPDX-License-Identifier: Apache-2.0
//
// consentctl: the ledger from the command line. Commands: docs/reference/consentctl.md.

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include "src/base/abort_note.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"

namespace consent::ctl {
namespace {

constexpr char kAborted[] =
    "consentctl: aborted. If the line before names rocksdb, a file of the store is damaged: "
    "restore "
    "a backup. Otherwise it is a fault of this program.\n";

// What is wrong with a command line, without quoting it: a contact point may stand anywhere there.
std::string UsageFault(const CLI::Error& error) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return "the command line holds something that no command or option expects";
  }
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr ||
      dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) {
    const std::string what = error.what();
    const size_t end = what.find_first_of(": ", what.find("--") == 0 ? 2 : 0);
    return what.substr(0, end) + " has a value that it cannot have";
  }
  return error.what();
}

void AddCommands(CLI::App& app, Session& session) {
  AddKeysCommands(app, session);
  AddDirectoryCommands(app, session);
  AddAgencyCommands(app, session);
  AddListCommands(app, session);
  AddBindCommand(app, session);
  AddGrantCommands(app, session);
  AddPreferencesCommand(app, session);
  AddContractCommands(app, session);
  AddNarrowingCommands(app, session);
  AddSendCommand(app, session);
  AddContactCommands(app, session);
  AddPermitCommands(app, session);
  AddPermitVerifyCommand(app, session);
  AddCampaignCommand(app, session);
  AddViewCommand(app, session);
  AddExportCommand(app, session);
  AddEraseCommand(app, session);
  AddEntriesCommand(app, session);
  AddDossierCommands(app, session);
  AddOfflineCommands(app, session);
  AddBackupCommands(app, session);
  AddDoctorCommand(app, session);
  AddRecoverCommand(app, session);
  AddCopyCommands(app, session);
  AddVerifyCommands(app, session);
  AddTraceCommand(app, session);
  AddRulesCommands(app, session);
  AddSimulateCommand(app, session);
  AddWitnessCommand(app, session);
}

int Main(int argc, char** argv) {
  NoteOnAbort(kAborted);
  Session session{std::cout, std::cerr};
  // Not by CLI11, which would let them overrule the options.
  const std::pair<const char*, std::string*> settings[] = {
      {"CONSENT_SERVER", &session.server},         {"CONSENT_TLS_CA", &session.tls_ca},
      {"CONSENT_TLS_CERT", &session.tls_cert},     {"CONSENT_TLS_KEY", &session.tls_key},
      {"CONSENT_TOKEN_FILE", &session.token_file}, {"TRACEPARENT", &session.traceparent}};
  for (const auto& [name, setting] : settings) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') *setting = value;
  }
  CLI::App app("Permissions to contact people: give them, ask for them, and check the ledger.",
               "consentctl");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 allowed or done, 3 denied or refused, 2 wrong usage or input, 1 all other "
      "errors.\n`consentctl COMMAND --help` explains a command.");
  AddCommands(app, session);
  absl::Status failure;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {
    return app.exit(wish, std::cout, std::cerr);  // --help.
  } catch (const CLI::Error& error) {
    failure = BadInput(UsageFault(error) + "; see --help");
  }
  if (failure.ok()) {
    const absl::StatusOr<int> code = session.run();
    std::cout.flush();
    if (code.ok() && std::cout) return *code;
    failure = code.ok() ? absl::DataLossError("the output could not be written to its end")
                        : code.status();
  }
  if (session.json) {
    std::cout << ForPrograms(failure) << std::endl;
  } else {
    std::cerr << "consentctl: " << ForPeople(failure) << std::endl;
  }
  return ExitCodeOf(failure);
}

}  // namespace
}  // namespace consent::ctl

int main(int argc, char** argv) { return consent::ctl::Main(argc, argv); }
