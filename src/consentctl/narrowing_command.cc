// SPDX-License-Identifier: Apache-2.0
//
// revoke, block, unblock.

#include <memory>
#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/session.h"
#include "src/consentctl/signing.h"

namespace consent::ctl {
namespace {

struct NarrowingOptions {
  SigningOptions signing;
  std::string company;
  std::string group;      // Of a block, instead of a company.
  std::string processor;  // Likewise.
  std::string grant;
  std::string channels;
  std::vector<std::string> purposes;
};

// Whom a block and its lifting mean: the company unless another was named.
template <class Body>
void SetWhom(const NarrowingOptions& options, Body& body) {
  body.set_company(options.company);
  if (!options.group.empty()) {
    body.set_company(options.group);
    body.set_whose(v1::BLOCK_TARGET_GROUP);
  } else if (!options.processor.empty()) {
    body.set_company(options.processor);
    body.set_whose(v1::BLOCK_TARGET_PROCESSOR);
  }
}

void AddWhomOptions(CLI::App& command, NarrowingOptions& options) {
  options.company = "*";
  CLI::Option* const company =
      command.add_option("--company", options.company, "The company; default \"*\", all of them")
          ->type_name("COMPANY");
  CLI::Option* const group =
      command.add_option("--group", options.group, "Instead: every company of this group")
          ->type_name("GROUP")
          ->excludes(company);
  command
      .add_option("--processor", options.processor,
                  "Instead: whoever makes contact through this processor")
      ->type_name("PROCESSOR")
      ->excludes(company)
      ->excludes(group);
}

absl::StatusOr<int> Revoke(const Session& session, const NarrowingOptions& options) {
  v1::Statement body;
  body.mutable_revocation()->set_company(options.company);
  body.mutable_revocation()->set_grant_id(options.grant);
  return SignAndSend(session, options.signing, body);
}

absl::StatusOr<int> Block(const Session& session, const NarrowingOptions& options) {
  v1::Statement body;
  SetWhom(options, *body.mutable_block());
  if (!options.channels.empty()) {
    ASSIGN_OR_RETURN(const std::vector<v1::Channel> channels,
                     ParseChannelNames(options.channels, "--channels"));
    for (const v1::Channel channel : channels) body.mutable_block()->add_channels(channel);
  }
  for (const std::string& purpose : options.purposes) {
    ASSIGN_OR_RETURN(const v1::Purpose parsed, ParsePurposeName(purpose, "--purpose"));
    body.mutable_block()->add_purposes(parsed);
  }
  return SignAndSend(session, options.signing, body);
}

absl::StatusOr<int> Unblock(const Session& session, const NarrowingOptions& options) {
  v1::Statement body;
  SetWhom(options, *body.mutable_unblock());
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
                   "Only the grant or callback of this id; without it all of the company's")
      ->type_name("ID");

  auto opposition = std::make_shared<NarrowingOptions>();
  CLI::App* const block =
      AddCommand(app, session, "block", "Forbid contacts, whatever is granted, until unblocked",
                 [&session, opposition] { return Block(session, *opposition); });
  AddSigningOptions(*block, opposition->signing, "--key",
                    "PEM file with the private key of the consumer or a registrar");
  AddWhomOptions(*block, *opposition);
  block->add_option("--channels", opposition->channels, "Only these channels, default all")
      ->type_name("CHANNEL,...");
  block->add_option("--purpose", opposition->purposes, "Only these purposes, default all")
      ->type_name("PURPOSE,...")
      ->delimiter(',')
      ->allow_extra_args(false);

  auto lifting = std::make_shared<NarrowingOptions>();
  CLI::App* const unblock = AddCommand(
      app, session, "unblock",
      "Lift the blocks with exactly this company that the same key made, and those of outcomes",
      [&session, lifting] { return Unblock(session, *lifting); });
  AddSigningOptions(*unblock, lifting->signing, "--key", "PEM file with the key that blocked");
  AddWhomOptions(*unblock, *lifting);
}

}  // namespace consent::ctl
