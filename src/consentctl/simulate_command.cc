// SPDX-License-Identifier: Apache-2.0
//
// simulate: a scenario file, without a server.

#include <memory>
#include <string>
#include <vector>

#include "src/consentctl/session.h"
#include "src/simulate/simulate.h"

namespace consent::ctl {

void AddSimulateCommand(CLI::App& app, Session& session) {
  auto file = std::make_shared<std::string>();
  auto packs = std::make_shared<std::vector<std::string>>();
  CLI::App* const command = AddLocalCommand(
      app, session, "simulate",
      "Run the statements and requests of a scenario file at the times it gives; needs no server",
      [&session, file, packs]() -> absl::StatusOr<int> {
        return simulate::RunSimulate(*file, {.json = session.json, .packs = *packs}, session.out,
                                     session.err);
      });
  command->add_option("FILE", *file, "A scenario in YAML or JSON; - is standard input")->required();
  command
      ->add_option("--pack", *packs, "A rule pack that the scenario may name, before those within")
      ->type_name("FILE");
}

}  // namespace consent::ctl
