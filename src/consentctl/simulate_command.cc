// SPDX-License-Identifier: Apache-2.0
//
// simulate: a scenario file, without a server.

#include <memory>
#include <string>

#include "src/consentctl/session.h"
#include "src/simulate/simulate.h"

namespace consent::ctl {

void AddSimulateCommand(CLI::App& app, Session& session) {
  auto file = std::make_shared<std::string>();
  CLI::App* const command = AddLocalCommand(
      app, session, "simulate",
      "Run the statements and requests of a scenario file at the times it gives; needs no server",
      [&session, file]() -> absl::StatusOr<int> {
        return simulate::RunSimulate(*file, {.json = session.json}, session.out, session.err);
      });
  command->add_option("FILE", *file, "A scenario in YAML or JSON; - is standard input")->required();
}

}  // namespace consent::ctl
