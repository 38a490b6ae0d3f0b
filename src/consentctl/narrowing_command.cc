// SPDX-License-Identifier: Apache-2.0
//
// revoke, block, unblock.

#include <memory>
#include <string>

#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/session.h"
#include "src/consentctl/signing.h"

namespace consent::ctl {
namespace {

struct NarrowingOptions {
  SigningOptions signing;
  std::string company;
  std::string grant;
  std::string channels;
};

absl::StatusOr<int> Revoke(const Session& session, const NarrowingOptions& options) {
  v1::Statement body;
  body.mutable_revocation()->set_company(options.company);
  body.mutable_revocation()->set_grant_id(options.grant);
  return SignAndSend(session, options.signing, body);
}

absl::StatusOr<int> Block(const Session& session, const NarrowingOptions& options) {
  v1::Statement body;
  body.mutable_block()->set_company(options.company);
  if (!options.channels.empty()) {
    ASSIGN_OR_RETURN(const std::vector<v1::Channel> channels,
                     ParseChannelNames(options.channels, "--channels"));
    for (const v1::Channel channel : channels) body.mutable_block()->add_channels(channel);
  }
  return SignAndSend(session, options.signing, body);
}

absl::StatusOr<int> Unblock(const Session& session, const NarrowingOptions& options) {
  v1::Statement body;
  body.mutable_unblock()->set_company(options.company);
  return SignAndSend(session, options.signing, body);
}

}  // namespace

void AddNarrowingCommands(CLI::App& app, Session& session) {
  auto revocation = std::make_shared<NarrowingOptions>();
  CLI::App* const revoke =
      AddCommand(app, session, "revoke", "End grants of a company",
                 [&session, revocation] { return Revoke(session, *revocation); });
  AddSigningOptions(*revoke, revocation->signing, "--key",
                    "PEM file with the private key of the consumer, a registrar or the company");
  revoke->add_option("--company", revocation->company, "The company")
      ->type_name("COMPANY")
      ->required();
  revoke
      ->add_option("--grant", revocation->grant,
                   "Only the grant of this id; without it every grant of the company's")
      ->type_name("ID");

  auto opposition = std::make_shared<NarrowingOptions>();
  opposition->company = "*";
  CLI::App* const block =
      AddCommand(app, session, "block", "Forbid contacts, whatever is granted, until unblocked",
                 [&session, opposition] { return Block(session, *opposition); });
  AddSigningOptions(*block, opposition->signing, "--key",
                    "PEM file with the private key of the consumer or a registrar");
  block->add_option("--company", opposition->company, "The company; default \"*\", all of them")
      ->type_name("COMPANY");
  block->add_option("--channels", opposition->channels, "Only these channels, default all")
      ->type_name("CHANNEL,...");

  auto lifting = std::make_shared<NarrowingOptions>();
  lifting->company = "*";
  CLI::App* const unblock = AddCommand(
      app, session, "unblock",
      "Lift the blocks with exactly this company that the same key made, and those of outcomes",
      [&session, lifting] { return Unblock(session, *lifting); });
  AddSigningOptions(*unblock, lifting->signing, "--key", "PEM file with the key that blocked");
  unblock->add_option("--company", lifting->company, "The company; default \"*\"")
      ->type_name("COMPANY");
}

}  // namespace consent::ctl
