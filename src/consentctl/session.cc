// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/session.h"

#include <utility>

namespace consent::ctl {

CLI::App* AddLocalCommand(CLI::App& parent, Session& session, const std::string& name,
                          const std::string& description, Run run) {
  CLI::App* const command = parent.add_subcommand(name, description);
  command->add_flag("--json", session.json, "Write JSON for programs instead of a table");
  command->callback([&session, run = std::move(run)] { session.run = run; });
  return command;
}

CLI::App* AddCommand(CLI::App& parent, Session& session, const std::string& name,
                     const std::string& description, Run run) {
  CLI::App* const command = AddLocalCommand(parent, session, name, description, std::move(run));
  command
      ->add_option("--server", session.server,
                   "Address of the ledger, default 127.0.0.1:7420 or what CONSENT_SERVER says")
      ->type_name("HOST:PORT");
  command->add_option("--timeout", session.timeout, "How long to wait for an answer, default 10s")
      ->type_name("DURATION");
  return command;
}

}  // namespace consent::ctl
