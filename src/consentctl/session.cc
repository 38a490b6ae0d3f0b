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
  command
      ->add_option("--tls-ca", session.tls_ca,
                   "PEM file: who vouches for the ledger; needed where it speaks TLS")
      ->type_name("FILE");
  command->add_option("--tls-cert", session.tls_cert, "PEM file: the certificate of who calls")
      ->type_name("FILE");
  command->add_option("--tls-key", session.tls_key, "PEM file: the key of that certificate")
      ->type_name("FILE");
  command->add_option("--token-file", session.token_file, "File with a bearer token of who calls")
      ->type_name("FILE");
  return command;
}

}  // namespace consent::ctl
